/** Locks as npm writes them, out of what matters to a test. */
import { Bug } from '../../../src/core/diagnostic/bug.ts';
import { npmPlatform } from '../../../src/core/npm/npm-platform.ts';
import { type Closure, type Omitted, packageClosure } from '../../../src/core/npm/package-closure.ts';
import { type PackageLock, parsePackageLock } from '../../../src/core/npm/package-lock.ts';

export type Packages = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export function lockOf(packages: Packages): PackageLock {
  const text = JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...packages } });
  const parsed = parsePackageLock(text, 'package-lock.json');
  if (!parsed.ok) throw new Bug(parsed.problem.message);
  return parsed.lock;
}

export interface Asked {
  readonly omit?: readonly Omitted[];
  readonly architecture?: string;
  readonly libc?: 'glibc' | 'musl';
  readonly project?: string;
}

export function closureOf(packages: Packages, asked: Asked = {}): Closure {
  const { omit = ['dev'], architecture = 'amd64', libc = 'glibc', project = '' } = asked;
  return packageClosure({
    lock: lockOf(packages),
    project,
    omit: new Set(omit),
    platform: npmPlatform({ os: 'linux', architecture }, libc),
  });
}

/** `PLACE = LOCATION` where the two differ, else `PLACE`. */
export function placesOf(packages: Packages, asked: Asked = {}): string[] {
  return closureOf(packages, asked).packages.map(({ place, locked }) =>
    place === locked.location ? place : `${place} = ${locked.location}`,
  );
}
