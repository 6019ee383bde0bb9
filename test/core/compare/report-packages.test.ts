import { describe, expect, it } from 'vitest';
import { type DpkgList, dpkgListIn, dpkgListLimit } from '../../../src/core/compare/dpkg-lists.ts';
import type { ImagePackage } from '../../../src/core/compare/image-packages.ts';
import { duplicatePackages } from '../../../src/core/compare/package-duplicates.ts';
import {
  filesWithoutPackage,
  groupByPackage,
  type PackageSide,
} from '../../../src/core/compare/report-packages.ts';
import { digestOf } from '../../../src/core/digest/digest.ts';
import type { NodeEntry } from '../../../src/core/tree/file-tree.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';
import { debianPackage, npmPackage, reportFile } from '../../rigs/report-file.ts';

const path = (text: string): ImagePath => text as ImagePath;
const list = (file: string, text: string): DpkgList | undefined => dpkgListIn(path(file), text);

describe('the lists of dpkg', () => {
  it('are those of info and of status.d, and no other file there', () => {
    const lists = [
      'var/lib/dpkg/info/libc6:amd64.list',
      'var/lib/dpkg/info/libc6:amd64.md5sums',
      'var/lib/dpkg/status.d/libc6.md5sums',
    ];
    const others = [
      'var/lib/dpkg/status',
      'var/lib/dpkg/status.d/libc6',
      'var/lib/dpkg/info/libc6:amd64.postinst',
      'srv/var/lib/dpkg/info/a.list',
    ];
    expect(lists.map((one) => dpkgListLimit(path(one)) !== undefined)).toEqual([true, true, true]);
    expect(others.map((one) => dpkgListLimit(path(one)))).toEqual(others.map(() => undefined));
  });

  it('name paths of the root; what names none is passed over', () => {
    expect(list('var/lib/dpkg/info/a.list', '/.\n/usr\n/usr/bin/a\n../../etc/shadow\n')).toEqual({
      package: 'a',
      paths: ['usr', 'usr/bin/a'],
    });
    const digest = 'd41d8cd98f00b204e9800998ecf8427e';
    expect(
      list('var/lib/dpkg/status.d/a.md5sums', `${digest}  usr/bin/a b\nnonsense\n${digest}  \n`),
    ).toEqual({ package: 'a', paths: ['usr/bin/a b'] });
  });
});

const npm = (place: string, version = '1.0.0'): ImagePackage => {
  const { kind, name } = npmPackage(place);
  return { kind, name, version, place };
};
const deb = (name: string, version = '1.0.0', place = 'amd64'): ImagePackage => ({
  kind: 'deb',
  name,
  version,
  place,
});

function side(
  packages: readonly ImagePackage[],
  entries: Readonly<Record<string, Partial<NodeEntry>>>,
  lists: Readonly<Record<string, readonly string[]>> = {},
): PackageSide {
  const metadata = {
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: { seconds: 0 },
    size: 1,
    digest: digestOf(new Uint8Array()),
  };
  return {
    found: {
      packages,
      lists: Object.entries(lists).map(([name, paths]) => ({ package: name, paths: paths.map(path) })),
    },
    tree: {
      entries: Object.entries(entries).map(
        ([name, rest]) => ({ ...metadata, type: 'file', path: path(name), ...rest }) as NodeEntry,
      ),
    },
  };
}

describe('files by package', () => {
  it('are those of the innermost npm package; Debian ones are as lists say, behind links among folders', () => {
    const files = [
      reportFile('app/node_modules/a/index.js', { size: 5, layer: 1 }),
      reportFile('app/node_modules/a/node_modules/b/index.js', { size: 7, layer: 2 }),
      reportFile('app/server.js', { size: 3, layer: 2 }),
      reportFile('lib', { type: 'symlink', layer: 0, target: 'usr/lib' }),
      reportFile('usr/lib/libc.so.6', { size: 100, layer: 0 }),
      reportFile('usr/lib/libc.so.6', { size: 90, layer: 0, hiddenBy: 0 }),
    ];
    const now = side(
      [npm('app/node_modules/a'), npm('app/node_modules/a/node_modules/b'), deb('libc6')],
      { lib: { type: 'symlink', target: 'usr/lib' }, 'usr/lib/libc.so.6': {} },
      { 'libc6:amd64': ['lib', 'lib/libc.so.6', 'lib/gone.so'], unknown: ['app/server.js'] },
    );
    const grouped = groupByPackage(files, { now });
    expect(
      grouped.packages.map(({ name, size, files: count, layers }) => [name, size, count, layers]),
    ).toEqual([
      ['libc6', 100, 1, [0]],
      ['b', 7, 1, [2]],
      ['a', 5, 1, [1]],
    ]);
    expect(grouped.files.map((file) => file.package)).toEqual([2, 1, undefined, undefined, 0, undefined]);
    expect(filesWithoutPackage(grouped.files)).toEqual({ size: 3, files: 2 });
  });

  it('know what became of each package, and keep what the previous image had', () => {
    const old = { 'n/node_modules/gone/x': {}, 'n/node_modules/a/x': {}, 'n/node_modules/same/x': {} };
    const before = side(
      [npm('n/node_modules/gone'), npm('n/node_modules/a', '0.9.0'), npm('n/node_modules/same')],
      old,
    );
    const now = side(
      [
        npm('n/node_modules/a'),
        npm('n/node_modules/new'),
        npm('n/node_modules/same'),
        npm('n/node_modules/patched'),
      ],
      { 'n/node_modules/a/x': {}, 'n/node_modules/new/x': {}, 'n/node_modules/same/x': {} },
    );
    const files = [
      reportFile('n/node_modules/a/old.js', { size: 50, change: 'removed' }),
      reportFile('n/node_modules/a/x', { size: 4, layer: 0, change: 'changed' }),
      reportFile('n/node_modules/gone/x', { size: 9, change: 'removed' }),
      reportFile('n/node_modules/new/x', { size: 3, layer: 0, change: 'added' }),
      reportFile('n/node_modules/same/x', { size: 2, layer: 0 }),
    ];
    const { packages } = groupByPackage(files, { now, before });
    expect(
      packages.map(({ name, change, before: was, size, layers }) => [name, change, was, size, layers]),
    ).toEqual([
      ['gone', 'removed', undefined, 9, []],
      ['a', 'changed', '0.9.0', 4, [0]],
      ['new', 'added', undefined, 3, [0]],
      ['same', 'same', undefined, 2, [0]],
      ['patched', 'added', undefined, 0, []],
    ]);
  });

  it('tell a package of the same version with another file as changed', () => {
    const both = side([npm('node_modules/a')], { 'node_modules/a/x': {} });
    const files = [reportFile('node_modules/a/x', { size: 4, layer: 0, change: 'changed' })];
    const { packages } = groupByPackage(files, { now: both, before: both });
    expect(packages).toMatchObject([{ name: 'a', change: 'changed' }]);
    expect(packages[0]).not.toHaveProperty('before');
  });
});

describe('packages that are there more than once', () => {
  it('are told with their versions and places, the largest first; Debian has none', () => {
    const all = [
      npmPackage('a/node_modules/ms', { version: '2.0.0', size: 5 }),
      npmPackage('b/node_modules/ms', { version: '2.1.3', size: 6 }),
      npmPackage('node_modules/ms', { version: '2.1.3', size: 6 }),
      npmPackage('node_modules/once', { size: 1000 }),
      npmPackage('node_modules/gone', { change: 'removed' }),
      npmPackage('a/node_modules/gone'),
      npmPackage('a/node_modules/big', { size: 40 }),
      npmPackage('b/node_modules/big', { size: 40 }),
      debianPackage('libc6'),
      debianPackage('libc6', { place: 'i386' }),
    ];
    expect(duplicatePackages(all)).toEqual([
      {
        name: 'big',
        versions: [{ version: '1.0.0', places: ['a/node_modules/big', 'b/node_modules/big'] }],
        size: 80,
      },
      {
        name: 'ms',
        versions: [
          { version: '2.0.0', places: ['a/node_modules/ms'] },
          { version: '2.1.3', places: ['b/node_modules/ms', 'node_modules/ms'] },
        ],
        size: 17,
      },
    ]);
  });
});
