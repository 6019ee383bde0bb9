/** What package.json and its lock promise: one install for every platform, and no host written down. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const root = resolve(import.meta.dirname, '../..');
const lock = JSON.parse(await readFile(resolve(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked>;
};
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');

test('the lock names no host, and an integrity for every package', () => {
  expect(packages.filter(([, locked]) => locked.resolved !== undefined)).toEqual([]);
  expect(packages.filter(([, locked]) => !/^sha512-/.test(locked.integrity ?? ''))).toEqual([]);
});

test('the lock holds every optional package of every platform, or npm ci would refuse it elsewhere', () => {
  const missing = packages.flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        !(`node_modules/${name}` in lock.packages) && !(`${path}/node_modules/${name}` in lock.packages),
    ),
  );
  expect(missing).toEqual([]);
});

test('no package that a user installs has an install script', () => {
  const scripted = packages.filter(
    ([, { hasInstallScript, dev }]) => hasInstallScript === true && dev !== true,
  );
  expect(scripted.map(([path]) => path)).toEqual([]);
});
