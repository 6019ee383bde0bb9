import { describe, expect, it } from 'vitest';
import type { NodeEntry } from '../../../src/core/tree/file-tree.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';
import { type ReadTree, readTree, type ReadTreeOptions } from '../../../src/io/layer/read-tree.ts';
import { hostileTars } from '../../core/tar/hostile-tars.ts';
import { member, pax, tar } from '../../core/tar/raw-tar.ts';
import { codeOf, digestOfBytes, pack, plain, reading } from './pack-entries.ts';

const file = (name: string, content = name): Uint8Array => member({ name }, content);
const folder = (name: string): Uint8Array => member({ name: `${name}/`, type: '5' });
const link = (name: string, target: string, more = {}): Uint8Array =>
  member({ name, type: '1', link: target, ...more });
const symlink = (name: string, target: string): Uint8Array => member({ name, type: '2', link: target });
const treeOf = (parts: Uint8Array[], options: ReadTreeOptions = {}): Promise<ReadTree> =>
  readTree(reading(tar(...parts)), options);

/** `path`, `path -> target` for a symlink, `path = target` for a hardlink, `path/` for a folder. */
function shown(entry: { path: string; type: string; target?: string }): string {
  if (entry.type === 'directory') return `${entry.path}/`;
  if (entry.type === 'symlink') return `${entry.path} -> ${entry.target}`;
  return entry.type === 'hardlink' ? `${entry.path} = ${entry.target}` : entry.path;
}

async function names(parts: Uint8Array[], options: ReadTreeOptions = {}): Promise<string[]> {
  return (await treeOf(parts, options)).tree.entries.map((entry) => shown(entry as NodeEntry));
}

describe('the tree of a tar', () => {
  it('is sorted by bytes, each file with its digest and where its content stands', async () => {
    const parts = [folder('b'), file('b/f', 'one'), file('b.txt', 'two'), file('a', '')];
    const { tree, offsets } = await treeOf(parts);
    expect(tree.entries.map(({ path }) => path)).toEqual(['a', 'b', 'b.txt', 'b/f']);
    expect(tree.entries[3]).toEqual({
      type: 'file',
      ...plain,
      path: 'b/f',
      size: 3,
      digest: digestOfBytes(Buffer.from('one')),
    });
    const bytes = Buffer.from(tar(...parts));
    expect([...offsets].map(([path, at]) => [path, bytes.subarray(at, at + 3).toString()])).toEqual(
      expect.arrayContaining([
        ['b/f', 'one'],
        ['b.txt', 'two'],
      ]),
    );
    expect(offsets.size).toBe(3);
  });

  it('does not invent folders', async () => {
    expect(await names([file('a/b/c')])).toEqual(['a/b/c']);
  });

  it('keeps owners, modes, times, attributes, devices, fifos and any bytes in names', async () => {
    const { tree } = await treeOf([
      member({ name: Buffer.from([0xff]), mode: 0o2755, uid: 5, gid: 6, mtime: 7 }, 'x'),
      member({ name: 'null', type: '3', major: 1, minor: 3, mode: 0o666 }),
      member({ name: 'pipe', type: '6' }),
      pax(['SCHILY.xattr.security.capability', Buffer.from([1, 0])]),
      file('ping'),
    ]);
    expect(tree.entries).toMatchObject([
      { path: 'null', type: 'character-device', major: 1, minor: 3, mode: 0o666 },
      { path: 'ping', xattrs: { 'security.capability': 'AQA=' } },
      { path: 'pipe', type: 'fifo' },
      { path: '\udcff', mode: 0o2755, uid: 5, gid: 6, mtime: { seconds: 7 } },
    ]);
  });

  it('has the last of two entries of one path (H26)', async () => {
    const { tree, offsets } = await treeOf([file('f', 'first'), file('f', 'last')]);
    expect(tree.entries).toMatchObject([{ digest: digestOfBytes(Buffer.from('last')) }]);
    expect(offsets.get('f' as ImagePath)).toBe(1536);
    expect(await names([file('f'), symlink('f', 'x')])).toEqual(['f -> x']);
    expect(await names([file('f'), folder('f'), file('f/g')])).toEqual(['f/', 'f/g']);
  });

  it('loses what was in a folder that something else takes the place of', async () => {
    expect(await names([folder('d'), file('d/x'), symlink('d', '../out')])).toEqual(['d -> ../out']);
    expect(await names([folder('d'), file('d/x'), file('d'), folder('d'), file('d/y')])).toEqual([
      'd/',
      'd/y',
    ]);
    expect(await names([folder('d'), file('d/x'), folder('d')])).toEqual(['d/', 'd/x']);
  });

  it.each([
    ['a symlink', [symlink('d', '../out'), file('d/pwn')]],
    ['a file', [file('d'), file('d/x/y')]],
    ['a hardlink', [file('a'), link('d', 'a'), folder('d/x')]],
  ])('refuses an entry below %s of the same tar (H05, H27)', async (_what, parts) => {
    expect(await codeOf(treeOf(parts))).toBe('layer/not-a-folder');
  });
});

describe('hardlinks in a tree', () => {
  it('name the first name in byte order, whatever the order of the tar', async () => {
    expect(await names([file('c', 'x'), link('a', 'c'), link('b', 'a')])).toEqual(['a', 'b = a', 'c = a']);
    expect(await names([file('a', 'x'), link('c', 'a'), link('b', 'c')])).toEqual(['a', 'b = a', 'c = a']);
  });

  it('keep the content that their target had then', async () => {
    const { tree, offsets } = await treeOf([file('a', 'old'), link('b', 'a'), file('a', 'new')]);
    expect(tree.entries).toMatchObject([
      { path: 'a', type: 'file', digest: digestOfBytes(Buffer.from('new')) },
      { path: 'b', type: 'file', digest: digestOfBytes(Buffer.from('old')) },
    ]);
    expect(offsets.get('b' as ImagePath)).toBe(512);
  });

  it('set the metadata of the file, as unpacking them does', async () => {
    const { tree } = await treeOf([file('a'), link('b', 'a', { mode: 0o600, uid: 7 })]);
    expect(tree.entries).toMatchObject([
      { path: 'a', mode: 0o600, uid: 7 },
      { path: 'b', mode: 0o600, uid: 7 },
    ]);
  });

  it('may name symlinks, fifos and devices', async () => {
    expect(await names([symlink('b', 'x'), link('a', 'b')])).toEqual(['a -> x', 'b = a']);
    expect(await names([member({ name: 'p', type: '6' }), link('q', 'p')])).toEqual(['p', 'q = p']);
  });

  it.each([
    ['a folder', [folder('d'), link('h', 'd')]],
    ['a path that comes later (H13)', [link('h', 'f'), file('f')]],
    ['a path that never comes (H11)', [link('h', 'etc/passwd')]],
  ])('to %s are refused', async (_what, parts) => {
    expect(await codeOf(treeOf(parts))).toBe('layer/bad-hardlink');
  });

  it('to a path of a lower layer stay as they are where that is asked for, but never to a later one', async () => {
    const keep = { hardlinksOutside: 'keep' } as const;
    expect(await names([link('h', 'lower'), link('i', 'h')], keep)).toEqual(['h = lower', 'i = lower']);
    expect(await codeOf(treeOf([link('h', 'f'), file('f')], keep))).toBe('layer/bad-hardlink');
  });
});

describe('a tree placed elsewhere', () => {
  const strip = (path: ImagePath): ImagePath | undefined =>
    path.includes('/') ? (path.slice(path.indexOf('/') + 1) as ImagePath) : undefined;

  it('leaves out what has no place, and makes another name of a file its first', async () => {
    const parts = [folder('x'), file('x/a', 'content'), link('x/b', 'x/a'), file('top')];
    expect(await names(parts, { place: strip })).toEqual(['a', 'b = a']);
    const noA = (path: ImagePath): ImagePath | undefined => (path === 'x/a' ? undefined : strip(path));
    const { tree, offsets } = await treeOf(parts, { place: noA });
    expect(tree.entries).toMatchObject([{ type: 'file', path: 'b', size: 7 }]);
    expect(offsets.get('b' as ImagePath)).toBe(1024);
  });

  it('has the last of two entries that come to stand in one place', async () => {
    const { tree } = await treeOf([file('z/f', 'first'), file('a/f', 'last')], { place: strip });
    expect(tree.entries).toMatchObject([{ path: 'f', digest: digestOfBytes(Buffer.from('last')) }]);
  });

  it('refuses a place below what is no folder', async () => {
    expect(await codeOf(treeOf([file('a/f'), file('b/f/g')], { place: strip }))).toBe('layer/not-a-folder');
  });
});

describe('captured files', () => {
  it('are the last bytes of regular files, up to 10 MiB', async () => {
    const capture = new Set(['etc/passwd', 'etc/group', 'etc/big'] as ImagePath[]);
    const { captured } = await treeOf(
      [
        file('etc/passwd', 'old'),
        file('etc/passwd', 'root'),
        symlink('etc/group', 'x'),
        file('etc/big', 'x'.repeat(11_000_000)),
      ],
      { capture },
    );
    expect([...captured].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])).toEqual([
      ['etc/passwd', 'root'],
    ]);
  });
});

describe('hostile tars as archives', () => {
  it('are read or refused with the reader’s code, in compressed form too', async () => {
    for (const { name, bytes, verdict } of hostileTars) {
      const code = await codeOf(readTree(reading(bytes)));
      // Being alone in its tar, a hardlink has nothing to name.
      const expected = verdict === 'read' ? ['read', 'layer/bad-hardlink'] : [`layer/${verdict}`];
      expect(expected, name).toContain(code);
    }
  });
});

describe('a tree that was packed', () => {
  it('is read as it was', async () => {
    const parts = [
      member({ name: './', type: '5', mode: 0o755 }),
      folder('d'),
      file('d/f', 'content'),
      link('d/g', 'd/f'),
      symlink('d/s', '/x'),
      pax(['mtime', '-1.5'], ['SCHILY.xattr.user.a', 'v']),
      file('t', 'timed'),
      member({ name: 'null', type: '3', major: 1, minor: 3 }),
    ];
    const { tree } = await treeOf(parts);
    const { bytes } = await pack(tree.entries, { 'd/f': 'content', t: 'timed' });
    expect((await readTree(reading(bytes))).tree).toEqual(tree);
  });
});
