import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/core/compare/change.ts';
import {
  filesBesidePackages,
  packageChanges,
  type SourcePackage,
} from '../../../src/core/compare/source-packages.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';

const npm = (
  place: string,
  version: string,
  name = place.replace(/.*node_modules\//, ''),
): SourcePackage => ({
  name,
  version,
  place: place as ImagePath,
});
const added = (name: string): Change => ({ change: 'added', field: 'file', key: name, name });

function left(before: readonly SourcePackage[], now: readonly SourcePackage[], names: readonly string[]) {
  const changes = packageChanges({ before, now });
  const files = filesBesidePackages(names.map(added), { changes, before, now });
  return files.map(({ name }) => name);
}

describe('the packages of a source as they were and as they are', () => {
  it('are told apart by their places, and an alias by the name that it stands for', () => {
    const before = [npm('node_modules/a', '1.0.0'), npm('node_modules/b/node_modules/a', '1.0.0')];
    const now = [npm('node_modules/a', '1.0.0', 'fork'), npm('node_modules/b/node_modules/a', '2.0.0')];
    expect(packageChanges({ before, now })).toEqual([
      {
        change: 'changed',
        field: 'package',
        key: 'node_modules/a',
        name: 'fork',
        before: '1.0.0',
        after: 'fork@1.0.0',
      },
      {
        change: 'changed',
        field: 'package',
        key: 'node_modules/b/node_modules/a',
        name: 'a',
        before: '1.0.0',
        after: '2.0.0',
      },
    ]);
  });

  it('take the files below a changed package with them, and those of no other', () => {
    const before = [npm('node_modules/a', '1.0.0'), npm('node_modules/a/node_modules/b', '1.0.0')];
    const now = [npm('node_modules/a', '1.1.0'), npm('node_modules/a/node_modules/b', '1.0.0')];
    const names = [
      'node_modules/a/x.js',
      'node_modules/a/node_modules/b/y.js',
      'node_modules/.bin/a',
      'src/z.js',
    ];
    expect(left(before, now, names)).toEqual(['node_modules/a/node_modules/b/y.js', 'src/z.js']);
  });

  it('leave every file to be told where no version differs', () => {
    const same = [npm('node_modules/a', '1.0.0')];
    expect(left(same, same, ['node_modules/a/x.js'])).toEqual(['node_modules/a/x.js']);
  });

  it('take all files with them where they have no folders of their own', () => {
    const before = [{ name: 'libssl3', version: '3.0.15-1' }];
    expect(left(before, [{ name: 'libssl3', version: '3.0.16-1' }], ['usr/lib/libssl.so.3'])).toEqual([]);
  });
});
