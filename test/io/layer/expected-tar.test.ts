/** The tar that is expected is the one that is packed, to the last byte, however it comes in. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TreeEntry } from '../../../src/core/tree/file-tree.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';
import { expectTar } from '../../../src/io/layer/expected-tar.ts';
import { fileEntry, none, pack, plain } from './pack-entries.ts';

const path = (text: string): ImagePath => text as ImagePath;
const long = 'a-name-that-no-ustar-header-holds-'.repeat(9);
const contents = {
  'app/empty': '',
  'app/one': 'x',
  [`app/${long}`]: 'y'.repeat(1500),
  'app/whole': 'z'.repeat(512),
};
const entries: readonly TreeEntry[] = [
  { type: 'directory', path: path('app'), ...plain, mode: 0o755 },
  ...Object.entries(contents)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, content]) => fileEntry(name, content)),
  { type: 'hardlink', path: path('app/z-hard'), target: path('app/one'), ...plain },
  { type: 'symlink', path: path('app/z-link'), target: '../etc', ...plain },
  { type: 'removed', path: path('etc/gone') },
];

const tar = (await pack(entries, contents, { compression: none })).bytes;

function checkAll(pieces: Iterable<Uint8Array>): void {
  const expected = expectTar(entries);
  for (const piece of pieces) expected.check(piece);
  expected.finish();
}

function* cut(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

describe('the tar that is expected', () => {
  test('is the one that is packed, in whatever pieces it comes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 20 }), (sizes) => {
        checkAll(cut(tar, sizes));
      }),
    );
  });

  test('is no tar of which any byte is another one', () => {
    fc.assert(
      fc.property(fc.nat(tar.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const other = Buffer.from(tar);
        other[at] = (other[at] ?? 0) ^ change;
        expect(() => {
          checkAll(cut(other, [700, 700, 700]));
        }).toThrow(/the layer is not the planned one: the .* is another one/);
      }),
      { numRuns: 500 },
    );
  });

  test('is no tar that ends early or goes on', () => {
    fc.assert(
      fc.property(fc.nat(tar.length - 1), (length) => {
        expect(() => {
          checkAll([tar.subarray(0, length)]);
        }).toThrow(/it ends before the /);
      }),
    );
    expect(() => {
      checkAll([tar, Buffer.alloc(1)]);
    }).toThrow(/it goes on where the planned layer ends/);
  });

  test('of nothing is the end of a tar', () => {
    const expected = expectTar([]);
    expected.check(new Uint8Array(1024));
    expect(() => {
      expected.finish();
    }).not.toThrow();
  });
});
