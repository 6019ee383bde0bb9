import { describe, expect, it } from 'vitest';
import { comparePackages, packageFileLimit, packagesIn } from '../../../src/core/compare/image-packages.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';

const path = (text: string): ImagePath => text as ImagePath;
const npm = (place: string, version: unknown, name: unknown = 'a') =>
  packagesIn(path(`${place}/package.json`), JSON.stringify({ name, version }));
const status = (text: string) => packagesIn(path('var/lib/dpkg/status'), text);

describe('the packages of an image', () => {
  it('are named by the package.json of a folder in node_modules, and by what dpkg keeps', () => {
    const read = [
      'app/node_modules/a/package.json',
      'node_modules/@s/a/package.json',
      'var/lib/dpkg/status',
      'var/lib/dpkg/status.d/libc6',
    ];
    expect(read.map((one) => packageFileLimit(path(one)) !== undefined)).toEqual([true, true, true, true]);
    const passed = [
      'app/package.json',
      'node_modules/a/lib/package.json',
      'var/lib/dpkg/status.d/libc6.md5sums',
      'node_modules/.cache/package.json',
    ];
    expect(passed.map((one) => packageFileLimit(path(one)))).toEqual(passed.map(() => undefined));
  });

  it('are told by their versions, Debian packages first', () => {
    const old = 'Package: libssl3\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0.15-1\n';
    const gone = 'Package: purged\nStatus: deinstall ok config-files\nVersion: 1\n';
    const before = [...npm('node_modules/a', '1.0.0'), ...status(`${old}\n${gone}`)];
    const after = [
      ...npm('node_modules/a', '1.1.0'),
      ...npm('node_modules/b', '2.0.0', 'b'),
      ...status(old.replace('3.0.15', '3.0.16')),
    ];
    const told = comparePackages(before, after).map(
      ({ change, name, before: was = '', after: is = '' }) => `${change} ${name} ${was} ${is}`,
    );
    expect(told).toEqual(['changed libssl3 3.0.15-1 3.0.16-1', 'changed a 1.0.0 1.1.0', 'added b  2.0.0']);
  });

  it('are none where a file is not as it should be', () => {
    expect(npm('node_modules/a', { hostile: true })).toEqual([]);
    expect(npm('node_modules/a', '1.0.0', 3)).toEqual([]);
    expect(packagesIn(path('node_modules/a/package.json'), '['.repeat(100_000))).toEqual([]);
    expect(status('Package: \nVersion\n\n: \n')).toEqual([]);
  });
});
