/** Which program runs bundles, and whether it is known to be unsafe. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { escapeText, quoteText } from '../../core/diagnostic/escape-text.ts';
import { BundleError } from './bundle-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Runtime {
  /** Absolute. */
  readonly path: string;
  readonly warnings: readonly Diagnostic[];
}

/** Where Debian keeps runc, which is on root's PATH only. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The runtime that is named, else runc, else crun. Throws BundleError `bundle/no-runtime`. */
export function findRuntime(named: string | undefined, environment: Environment): Runtime {
  const candidates = named === undefined ? ['runc', 'crun'] : [named];
  for (const candidate of candidates) {
    const path = locateProgram(candidate, environment);
    if (path !== undefined) return { path, warnings: warningsOf(path, environment) };
  }
  throw new BundleError(
    'bundle/no-runtime',
    named === undefined ? 'neither runc nor crun is installed' : `there is no runtime ${quoteText(named)}`,
    { help: 'install runc 1.2.8, 1.3.3 or newer, or crun, or name one with --runtime PATH' },
  );
}

function locateProgram(name: string, environment: Environment): string | undefined {
  if (name.includes('/')) return isProgram(resolve(name)) ? resolve(name) : undefined;
  const folders = [...(environment['PATH'] ?? '').split(delimiter), ...systemFolders];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => isProgram(path));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function warningsOf(path: string, environment: Environment): Diagnostic[] {
  const version = runcVersion(versionText(path, environment));
  if (version === undefined || isFixed(version.numbers)) return [];
  return [
    {
      code: 'bundle/old-runtime',
      severity: 'warning',
      message: `runc ${escapeText(version.text)} may lack the fixes of CVE-2025-31133, CVE-2025-52565 and CVE-2025-52881, by which an image can leave its container`,
      help: 'use runc 1.2.8, 1.3.3 or newer, unless your distribution has put the fixes into this version',
    },
  ];
}

function versionText(path: string, environment: Environment): string {
  try {
    const options = { encoding: 'utf8', env: environment, timeout: 10_000, stdio: 'pipe' } as const;
    return execFileSync(path, ['--version'], options);
  } catch {
    return ''; // What cannot say its version will say more when it runs.
  }
}

interface RuncVersion {
  readonly text: string;
  readonly numbers: readonly [number, number, number];
}

/** Undefined for any other runtime. */
export function runcVersion(text: string): RuncVersion | undefined {
  const match = /^runc version (v?(\d+)\.(\d+)\.(\d+)\S*)/.exec(text);
  if (match === null) return undefined;
  const [, whole = '', major, minor, patch] = match;
  return { text: whole, numbers: [Number(major), Number(minor), Number(patch)] };
}

// github.com/opencontainers/runc, advisories of November 2025: fixed in 1.2.8, 1.3.3 and 1.4.0.
export function isFixed([major, minor, patch]: readonly [number, number, number]): boolean {
  if (major !== 1) return major > 1;
  if (minor === 2) return patch >= 8;
  if (minor === 3) return patch >= 3;
  return minor > 3;
}
