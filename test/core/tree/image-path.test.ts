import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  baseName,
  comparePaths,
  foldersAbove,
  foldersAboveAll,
  type ImagePath,
  isWithin,
  joinPath,
  parentPath,
  parseImagePath,
  pathFromBytes,
  pathToBytes,
} from '../../../src/core/tree/image-path.ts';

const bytes = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0x2f, 0x41, 0xc3, 0xa9, 0xe2, 0x98, 0xba, 0xf0, 0xff),
  ),
  { maxLength: 24 },
);

describe('paths as bytes', () => {
  it('come back from text for any bytes', () => {
    fc.assert(
      fc.property(bytes, (values) => {
        expect([...pathToBytes(pathFromBytes(Uint8Array.from(values)))]).toEqual(values);
      }),
      { numRuns: 5000 },
    );
  });

  it('keep 0xFF and 0xFE two names', () => {
    expect(pathFromBytes(Uint8Array.of(0xff))).toBe('\udcff');
    expect(pathFromBytes(Uint8Array.of(0xff))).not.toBe(pathFromBytes(Uint8Array.of(0xfe)));
  });

  it('keep a byte order mark and a replacement character', () => {
    expect(pathFromBytes(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa');
    expect(pathFromBytes(Uint8Array.of(0xef, 0xbf, 0xbd))).toBe('\ufffd');
  });

  it('escape each byte of an encoded surrogate, which UTF-8 does not allow', () => {
    expect(pathFromBytes(Uint8Array.of(0xed, 0xb2, 0x80))).toBe('\udced\udcb2\udc80');
  });
});

describe('the order of paths', () => {
  it('is the order of their bytes', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const [left, right] = [pathFromBytes(Uint8Array.from(a)), pathFromBytes(Uint8Array.from(b))];
        expect(Math.sign(comparePaths(left, right))).toBe(
          Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))),
        );
      }),
      { numRuns: 5000 },
    );
  });

  it('puts U+FF5E before an emoji, which UTF-16 does not', () => {
    expect(comparePaths('\uff5e', '\u{1f600}')).toBeLessThan(0);
  });

  it('puts a folder before what is in it', () => {
    expect(['a/b', 'a-b', 'a'].sort(comparePaths)).toEqual(['a', 'a-b', 'a/b']);
  });
});

describe('an image path', () => {
  it('loses leading slashes, doubled slashes and dots', () => {
    expect(parseImagePath('//usr/./lib//x/')).toEqual({ ok: true, path: 'usr/lib/x' });
    expect(parseImagePath('/')).toEqual({ ok: true, path: '' });
  });

  it('refuses parent components, NUL and excessive length', () => {
    expect(parseImagePath('a/../b')).toEqual({ ok: false, reason: 'parent-component' });
    expect(parseImagePath('a\0')).toEqual({ ok: false, reason: 'nul' });
    expect(parseImagePath('a/'.repeat(2049))).toEqual({ ok: false, reason: 'too-long' });
    expect(parseImagePath('a..b/...')).toEqual({ ok: true, path: 'a..b/...' });
  });

  it('knows its parts', () => {
    const path = 'usr/local/bin' as ImagePath;
    expect([parentPath(path), baseName(path), ...foldersAbove(path)]).toEqual([
      'usr/local',
      'bin',
      'usr',
      'usr/local',
    ]);
    expect(parentPath('usr' as ImagePath)).toBe('');
    expect(joinPath('' as ImagePath, path)).toBe(path);
    expect(joinPath(path, '' as ImagePath)).toBe(path);
    expect(isWithin(path, 'usr/local' as ImagePath)).toBe(true);
    expect(isWithin('usr/localx' as ImagePath, 'usr/local' as ImagePath)).toBe(false);
  });

  it('know together the folders above any of them, whatever their order', () => {
    const paths = fc.array(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 5 }), { maxLength: 12 });
    fc.assert(
      fc.property(paths, (lists) => {
        const all = lists.map((names) => names.join('/') as ImagePath);
        expect([...foldersAboveAll(all)].sort()).toEqual([...new Set(all.flatMap(foldersAbove))].sort());
      }),
    );
  });
});
