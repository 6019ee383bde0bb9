/**
 * Whether the kernel has the security modules whose labels a bundle asks for (runtime-spec config.md, Linux Process;
 * config-linux.md, Mount Label). Asked before the runtime is: without a module runc ends with words about /proc, and crun
 * runs a container that lacks its mount label without a word.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { BundleError } from './bundle-error.ts';

interface SecurityModule {
  readonly name: string;
  /** What `runtime` of a recipe calls it. */
  readonly option: string;
  /** Where config.json has its labels. */
  readonly labels: readonly (readonly [member: 'process' | 'linux', key: string])[];
  /** Whether the kernel has it and it is switched on, by the files of `/sys`. */
  readonly isOn: (sys: string) => boolean;
}

const modules: readonly SecurityModule[] = [
  {
    name: 'AppArmor',
    option: 'apparmor',
    labels: [['process', 'apparmorProfile']],
    isOn: (sys) => textAt(join(sys, 'module/apparmor/parameters/enabled')).startsWith('Y'),
  },
  {
    name: 'SELinux',
    option: 'selinux',
    labels: [
      ['process', 'selinuxLabel'],
      ['linux', 'mountLabel'],
    ],
    isOn: (sys) => existsSync(join(sys, 'fs/selinux')),
  },
];

/**
 * `config` is the bundle's config.json as JSON has it, which may be anybody's; `sys` is where sysfs is mounted. Throws
 * BundleError `bundle/no-security-module`.
 */
export function requireModules(config: unknown, sys: string): void {
  for (const { name, option, labels, isOn } of modules) {
    const asked = labels
      .map(([member, key]) => memberOf(memberOf(config, member), key))
      .filter((label) => typeof label === 'string' && label !== '');
    if (asked.length === 0 || isOn(sys)) continue;
    const texts = asked.map((label) => quoteText(String(label))).join(' and ');
    throw new BundleError(
      'bundle/no-security-module',
      `the bundle asks for ${texts} of ${name}, and the kernel of this computer has no ${name}, or has it switched off`,
      { help: `run it where the kernel has ${name}, or leave \`${option}\` out of \`runtime\`` },
    );
  }
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

/** Empty where there is no such file. */
function textAt(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
