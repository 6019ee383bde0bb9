/** Projects whose recipe asks for Debian packages, and what their lock then says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface LockedDebs {
  readonly deb: readonly string[];
  readonly platform: string;
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly path: string;
    readonly sha256: string;
  }[];
}

/** The lock's entries for packages. */
export function lockedDebs(folder: string): readonly LockedDebs[] {
  const lock = parse(readFileSync(join(folder, 'oci.lock'), 'utf8')) as { packages?: readonly LockedDebs[] };
  return lock.packages ?? [];
}

/** `NAME=VERSION` of what the lock has for the platform, sorted: of its only entry, or of that for these names. */
export function lockedClosure(
  folder: string,
  platform: string,
  names?: readonly string[],
): readonly string[] {
  const entry = lockedDebs(folder).find(
    (one) => one.platform === platform && (names === undefined || one.deb.join() === names.join()),
  );
  return (entry?.packages ?? []).map(({ name, version }) => `${name}=${version}`).sort();
}

export interface MirrorLine {
  readonly mirror: string;
  readonly suite: string;
}

/** The value of `mirror:`, as JSON, which is YAML too. */
export function mirrorValue(suites: readonly MirrorLine[]): string {
  return JSON.stringify(suites.map(({ mirror, suite }) => ({ url: mirror, suite })));
}
