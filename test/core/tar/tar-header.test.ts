import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LayerError } from '../../../src/core/tar/layer-error.ts';
import { endOfTar, writeHeader } from '../../../src/core/tar/tar-header.ts';
import { defaultTarLimits } from '../../../src/core/tar/tar-limits.ts';
import { createTarReader } from '../../../src/core/tar/tar-reader.ts';
import type { NodeEntry, TreeEntry } from '../../../src/core/tree/file-tree.ts';
import { type ImagePath, pathToBytes } from '../../../src/core/tree/image-path.ts';
import { anyEntry, digest, node } from './any-entry.ts';
import { padded, pax, rawHeader, readAll } from './raw-tar.ts';

const path = (text: string): ImagePath => text as ImagePath;
const fileAt = (name: string, more: object = {}): NodeEntry => ({
  type: 'file',
  ...node,
  path: path(name),
  size: 0,
  digest,
  ...more,
});
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const expectBytes = (entry: TreeEntry, ...parts: Uint8Array[]): void =>
  expect(hex(writeHeader(entry))).toBe(hex(Buffer.concat(parts)));

/** The PAX header as the writer names it. */
function ownPax(...records: Parameters<typeof pax>): Uint8Array {
  const plain = pax(...records);
  const size = parseInt(Buffer.from(plain.subarray(124, 135)).toString(), 8);
  return Buffer.concat([rawHeader({ name: '././@PaxHeader', type: 'x', size }), plain.subarray(512)]);
}

describe('a tar header', () => {
  it('is one ustar block without names of users where everything fits', () => {
    const entry = fileAt('etc/passwd', {
      mode: 0o4755,
      uid: 0o7777777,
      gid: 5,
      size: 8 ** 11 - 1,
      mtime: { seconds: 8 ** 11 - 1 },
    });
    const header = {
      name: 'etc/passwd',
      mode: 0o4755,
      uid: 0o7777777,
      gid: 5,
      size: 8 ** 11 - 1,
      mtime: 8 ** 11 - 1,
    };
    expectBytes(entry, rawHeader(header));
  });

  it('gives each kind its type', () => {
    const at = path('a');
    expectBytes({ type: 'directory', ...node, path: at }, rawHeader({ name: 'a/', type: '5' }));
    expectBytes({ type: 'directory', ...node, path: path('') }, rawHeader({ name: './', type: '5' }));
    expectBytes(
      { type: 'symlink', ...node, path: at, target: '../b' },
      rawHeader({ name: 'a', type: '2', link: '../b' }),
    );
    expectBytes(
      { type: 'hardlink', ...node, path: at, target: path('b') },
      rawHeader({ name: 'a', type: '1', link: 'b' }),
    );
    expectBytes({ type: 'fifo', ...node, path: at }, rawHeader({ name: 'a', type: '6' }));
    const device = { ...node, path: at, major: 4095, minor: 1048575 };
    expectBytes(
      { type: 'character-device', ...device },
      rawHeader({ name: 'a', type: '3', major: 4095, minor: 1048575 }),
    );
    expectBytes(
      { type: 'block-device', ...device },
      rawHeader({ name: 'a', type: '4', major: 4095, minor: 1048575 }),
    );
  });

  it('writes whiteouts as empty files of mode 0, as docker, containerd and umoci do', () => {
    expectBytes({ type: 'removed', path: path('a/b') }, rawHeader({ name: 'a/.wh.b', mode: 0 }));
    expectBytes({ type: 'removed', path: path('b') }, rawHeader({ name: '.wh.b', mode: 0 }));
    expectBytes({ type: 'opaque', path: path('a/b') }, rawHeader({ name: 'a/b/.wh..wh..opq', mode: 0 }));
    expectBytes({ type: 'opaque', path: path('') }, rawHeader({ name: '.wh..wh..opq', mode: 0 }));
  });

  it('puts into PAX what a field cannot hold, and nothing else', () => {
    const entry = fileAt('f', { uid: 2 ** 32 - 1, gid: 2 ** 21, size: 2 ** 33, mtime: { seconds: -1 } });
    const records = ownPax(
      ['gid', '2097152'],
      ['mtime', '-1'],
      ['size', '8589934592'],
      ['uid', '4294967295'],
    );
    expectBytes(entry, records, rawHeader({ name: 'f' }));
  });

  it('sorts records by the bytes of their keys', () => {
    const xattrs = { 'user.b': 'YgA=', 'user.a': '', 'security.capability': 'AP8=' };
    const records = ownPax(
      ['SCHILY.xattr.security.capability', Buffer.from([0, 255])],
      ['SCHILY.xattr.user.a', ''],
      ['SCHILY.xattr.user.b', 'b\0'],
      ['mtime', '-0.000000001'],
    );
    expectBytes(
      fileAt('f', { xattrs, mtime: { seconds: -1, nanoseconds: 999_999_999 } }),
      records,
      rawHeader({ name: 'f' }),
    );
  });

  it('writes times before 1970, after 2242 and between seconds', () => {
    const time = (seconds: number, nanoseconds?: number): string => {
      const mtime = nanoseconds === undefined ? { seconds } : { seconds, nanoseconds };
      return (
        Buffer.from(writeHeader(fileAt('f', { mtime })))
          .toString('latin1')
          .slice(512, 540)
          .split('\n')[0] ?? ''
      );
    };
    expect(time(-86400)).toBe('16 mtime=-86400');
    expect(time(8 ** 11)).toBe('20 mtime=8589934592');
    expect(time(1, 500_000_000)).toBe('13 mtime=1.5');
    expect(time(-2, 750_000_000)).toBe('15 mtime=-1.25');
    expect(time(-1, 500_000_000)).toBe('14 mtime=-0.5');
  });

  it('keeps 100 bytes of a name, and uses the prefix where the folders fit in it', () => {
    const name = (length: number): string => 'n'.repeat(length);
    expectBytes(fileAt(name(100)), rawHeader({ name: name(100) }));
    const prefix = `${'p'.repeat(150)}/${'q'.repeat(4)}`;
    expectBytes(fileAt(`${prefix}/${name(100)}`), rawHeader({ prefix, name: name(100) }));
    const deep = `${'d/'.repeat(60)}end`;
    expectBytes(fileAt(deep), rawHeader({ prefix: 'd/'.repeat(59) + 'd', name: 'end' }));
    const folder: TreeEntry = { type: 'directory', ...node, path: path(`${name(99)}/${name(60)}`) };
    expectBytes(folder, rawHeader({ prefix: name(99), name: `${name(60)}/`, type: '5' }));
  });

  it('puts a name into PAX where neither field can hold it', () => {
    const long = 'n'.repeat(101);
    expectBytes(fileAt(long), ownPax(['path', long]), rawHeader({ name: long.slice(0, 100) }));
    const prefixed = `${'p'.repeat(156)}/n`;
    expectBytes(fileAt(prefixed), ownPax(['path', prefixed]), rawHeader({ name: prefixed.slice(0, 100) }));
    const folder: TreeEntry = { type: 'directory', ...node, path: path('n'.repeat(100)) };
    expectBytes(
      folder,
      ownPax(['path', `${'n'.repeat(100)}/`]),
      rawHeader({ name: 'n'.repeat(100), type: '5' }),
    );
  });

  it('puts long link targets into PAX', () => {
    const target = 't'.repeat(101);
    const header = rawHeader({ name: 'a', type: '2', link: target.slice(0, 100) });
    expectBytes({ type: 'symlink', ...node, path: path('a'), target }, ownPax(['linkpath', target]), header);
  });

  it('writes bytes that are no UTF-8 as they are, and says BINARY where they stand in PAX', () => {
    expectBytes(fileAt('\udcff'), rawHeader({ name: Buffer.from([0xff]) }));
    expectBytes(fileAt('é'), rawHeader({ name: 'é' }));
    const long = `${'n'.repeat(100)}\udcff`;
    const bytes = pathToBytes(long);
    expectBytes(
      fileAt(long),
      ownPax(['hdrcharset', 'BINARY'], ['path', bytes]),
      rawHeader({ name: bytes.slice(0, 100) }),
    );
  });

  it('counts the length of a record in its own length', () => {
    for (const length of [85, 86, 87, 88, 89, 90, 91, 985, 986, 987, 988]) {
      const value = Buffer.alloc(length, 'v').toString('base64');
      const [read] = readAll(writeHeader(fileAt('f', { xattrs: { a: value } })));
      expect(read?.entry.xattrs).toEqual({ a: value });
    }
  });

  it('refuses a name that a layer reads as a whiteout', () => {
    for (const name of ['.wh.a', 'a/.wh.b', '.wh..wh..opq', '.wh.']) {
      expect(() => writeHeader(fileAt(name))).toThrow(LayerError);
    }
    expect(() => writeHeader(fileAt('.wh.a'))).toThrow('packing `.wh.a`');
    expect(writeHeader(fileAt('.wh')).length).toBe(512);
  });

  it('refuses attributes that no tar can hold', () => {
    for (const name of ['', 'a=b', 'a\0']) {
      expect(() => writeHeader(fileAt('f', { xattrs: { [name]: '' } }))).toThrow('extended attribute');
    }
    const value = Buffer.alloc(2 ** 20).toString('base64');
    expect(() => writeHeader(fileAt('f', { xattrs: { a: value } }))).toThrow(/`f`.*extended attributes/);
  });

  it('calls an entry that no check would have let in our own mistake', () => {
    for (const wrong of [{ uid: -1 }, { uid: 2 ** 32 }, { gid: 1.5 }, { mode: 0o10000 }, { size: -1 }]) {
      expect(() => writeHeader(fileAt('f', wrong))).toThrow(/^Bug: /);
    }
    expect(() => writeHeader({ type: 'removed', path: path('') })).toThrow(/^Bug: /);
  });
});

describe('what is written is read', () => {
  function withoutDigest(entry: NodeEntry): object {
    return entry.type === 'file' ? { ...entry, digest: undefined } : entry;
  }

  it('as the same entry, whatever is in it', () => {
    fc.assert(
      fc.property(anyEntry(), (entry) => {
        const reader = createTarReader({ ...defaultTarLimits, maxTotalBytes: Number.MAX_SAFE_INTEGER });
        const [step] = reader.push(writeHeader(entry));
        expect(step).toMatchObject({ type: 'entry' });
        expect(step?.type === 'entry' ? step.entry : undefined).toEqual(withoutDigest(entry));
      }),
      { numRuns: 2000 },
    );
  });

  it('in a tar of many entries with contents', () => {
    const withContent = fc.tuple(anyEntry(), fc.uint8Array({ maxLength: 2000 }));
    fc.assert(
      fc.property(
        fc.array(withContent, { maxLength: 10 }),
        fc.integer({ min: 1, max: 3000 }),
        (drawn, chunk) => {
          const entries = drawn.map(([entry, content]) =>
            entry.type === 'file' ? { ...entry, size: content.length } : entry,
          );
          const contents = drawn.map(([entry, content]) =>
            entry.type === 'file' ? content : new Uint8Array(0),
          );
          const parts = entries.flatMap((entry, at) => [writeHeader(entry), padded(contents[at]!)]);
          const read = readAll(Buffer.concat([...parts, endOfTar]), chunk);
          expect(read.map(({ entry }) => entry)).toEqual(entries.map(withoutDigest));
          expect(read.map(({ content }) => content ?? '')).toEqual(
            contents.map((it) => Buffer.from(it).toString('latin1')),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
