/** Platforms in npm's words (Node's process.platform and process.arch), and which packages are for them. */
import type { Platform } from '../oci/platform.ts';
import type { LockedPackage } from './package-lock.ts';

/** A library of C that packages may be built for. */
export type Libc = 'glibc' | 'musl';

export interface NpmPlatform {
  readonly os: string;
  readonly cpu: string;
  /** Linux alone has a choice of them. */
  readonly libc: Libc | undefined;
}

/** GOOS to process.platform, and GOARCH to process.arch, where they differ. */
const systems: ReadonlyMap<string, string> = new Map([
  ['windows', 'win32'],
  ['solaris', 'sunos'],
]);
const processors: ReadonlyMap<string, string> = new Map([
  ['amd64', 'x64'],
  ['386', 'ia32'],
  ['ppc64le', 'ppc64'],
  ['mipsle', 'mipsel'],
  ['mips64le', 'mips64el'],
]);

export function npmPlatform({ os, architecture }: Platform, libc: Libc): NpmPlatform {
  const system = systems.get(os) ?? os;
  return {
    os: system,
    cpu: processors.get(architecture) ?? architecture,
    libc: system === 'linux' ? libc : undefined,
  };
}

type Requirement = Pick<LockedPackage, 'os' | 'cpu' | 'libc'>;

/** npm-install-checks checkPlatform. */
export function fitsPlatform({ os, cpu, libc }: Requirement, platform: NpmPlatform): boolean {
  return (
    (os === undefined || isListed(platform.os, os)) &&
    (cpu === undefined || isListed(platform.cpu, cpu)) &&
    (libc === undefined || (platform.libc !== undefined && isListed(platform.libc, libc)))
  );
}

/** `!` before a name excludes it; a list of nothing but such takes all others; `any` alone takes all. */
function isListed(value: string, list: readonly string[]): boolean {
  if (list.length === 1 && list[0] === 'any') return true;
  const excluded = list.filter((entry) => entry.startsWith('!'));
  if (excluded.includes(`!${value}`)) return false;
  return list.includes(value) || excluded.length === list.length;
}

export function platformText({ os, cpu, libc }: NpmPlatform): string {
  return libc === undefined ? `${os} ${cpu}` : `${os} ${cpu} ${libc}`;
}
