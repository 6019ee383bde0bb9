import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trustedDigest } from '../../../src/core/digest/digest.ts';
import { unpackRootfs } from '../../../src/io/bundle/rootfs.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageOf } from '../../rigs/layer-image.ts';
import { type RawEntry, rawTar } from '../../rigs/raw-tar.ts';
import { type ScratchFolder, scratchFolder } from '../../rigs/scratch-folder.ts';
import { pathsOf, type Unpacked, unpackLayers } from './unpack-harness.ts';

let scratch: ScratchFolder;
beforeAll(() => {
  scratch = scratchFolder('apply');
});
afterAll(() => {
  scratch.remove();
});

const unpack = (...layers: readonly (readonly RawEntry[])[]): Promise<Unpacked> =>
  unpackLayers(scratch.path, ...layers);
const folder = (name: string, mode = 0o755, mtime = 0): RawEntry => ({ name, type: '5', mode, mtime });
const file = (name: string, content = ''): RawEntry => ({ name, content });
const link = (name: string, target: string): RawEntry => ({ name, type: '2', link: target, mode: 0o777 });
const contentOf = ({ path }: Unpacked, name: string): string => readFileSync(join(path, name), 'utf8');
const whiteout = (name: string): RawEntry => file(name);

describe('a layer', () => {
  it('puts a file below a usr-merged link where the link points, in its own layer or a later one (H09)', async () => {
    const lower = [folder('usr'), folder('usr/bin'), link('bin', 'usr/bin'), link('sbin', '/usr/bin')];
    const result = await unpack(lower, [file('bin/tool'), file('sbin/admin')]);
    expect(pathsOf(result)).toEqual(['bin', 'sbin', 'usr', 'usr/bin', 'usr/bin/admin', 'usr/bin/tool']);
    expect(result.tree.get('bin')?.type).toBe('symlink');
  });

  it('keeps the last of two entries with one path (H26)', async () => {
    const result = await unpack([
      file('a', '1'),
      file('a', '2'),
      file('b'),
      folder('b'),
      folder('c'),
      file('c/x'),
      link('c', 'a'),
    ]);
    expect(contentOf(result, 'a')).toBe('2');
    expect(result.tree.get('b')?.type).toBe('directory');
    expect(result.tree.get('c')?.target).toBe('a');
  });

  it('replaces a file, and does not write into it, so that another name of it keeps its content', async () => {
    const result = await unpack([file('a', 'old'), { name: 'b', type: '1', link: 'a' }], [file('a', 'new')]);
    expect([contentOf(result, 'a'), contentOf(result, 'b')]).toEqual(['new', 'old']);
  });

  it('makes a folder of a file that is used as one (H27)', async () => {
    const result = await unpack([file('a', 'x')], [file('a/b', 'y')]);
    expect(contentOf(result, 'a/b')).toBe('y');
  });

  it('gives a folder new metadata and keeps what is in it', async () => {
    const result = await unpack([folder('d', 0o700, 5), file('d/x')], [folder('d', 0o751, 9)]);
    expect(result.tree.get('d')).toMatchObject({ mode: '751', mtime: '9000000000' });
    expect(result.tree.has('d/x')).toBe(true);
  });

  it('makes folders that no layer names 0755, with time 0', async () => {
    const result = await unpack([file('a/b/c')]);
    expect(result.tree.get('a/b')).toMatchObject({ mode: '755', mtime: '0' });
    expect(result.tree.get('')).toMatchObject({ mode: '755', mtime: '0' });
  });

  it('keeps setuid, setgid and sticky bits (H18)', async () => {
    const result = await unpack([
      { ...file('su', 'x'), mode: 0o6755 },
      folder('tmp', 0o1777),
      folder('g', 0o2775),
      file('g/x'),
    ]);
    const modes = ['su', 'tmp', 'g', 'g/x'].map((path) => result.tree.get(path)?.mode);
    expect(modes).toEqual(['6755', '1777', '2775', '644']);
  });

  it('keeps names byte by byte (H28)', async () => {
    const name = (byte: number): Uint8Array => Uint8Array.of(0x6e, byte);
    const result = await unpack([
      { name: name(0xff), content: 'a' },
      { name: name(0xfe), content: 'b' },
    ]);
    expect(pathsOf(result)).toEqual(['n\xfe', 'n\xff']);
  });

  it('keeps both of two names that differ in case or in composition only (H29)', async () => {
    const result = await unpack([file('README'), file('readme'), file('\u00e9'), file('e\u0301')]);
    expect(pathsOf(result)).toHaveLength(4);
  });

  it('keeps times before 1970, after 2038 and to the nanosecond, of links and folders too (H19)', async () => {
    const result = await unpack([
      { ...file('before'), mtime: -5 },
      { ...file('after'), mtime: 2 ** 32 },
      { ...file('fine'), pax: { mtime: '1700000000.123456789' } },
      { ...file('fine-before'), pax: { mtime: '-1.25' } },
      { ...link('link', 'x'), pax: { mtime: '-7.5' } },
      { ...folder('folder'), pax: { mtime: '12.000000034' } },
      { ...folder('.'), pax: { mtime: '3.000000001' } },
      file('folder/x'),
    ]);
    const time = (path: string): string | undefined => result.tree.get(path)?.mtime;
    expect(time('before')).toBe('-5000000000');
    expect(time('after')).toBe('4294967296000000000');
    expect(time('fine')).toBe('1700000000123456789');
    expect(time('fine-before')).toBe('-1250000000');
    expect(time('link')).toBe('-7500000000');
    expect(time('folder')).toBe('12000000034');
    expect(time('')).toBe('3000000001');
    expect(result.warnings.filter(({ code }) => code === 'bundle/times-not-exact')).toEqual([]);
  });

  it('says which time the file system could not keep', async () => {
    const { warnings } = await unpack([{ ...file('late'), mtime: 2 ** 40 }]);
    const found = warnings.find(({ code }) => code === 'bundle/times-not-exact');
    expect(found?.message).toBe('1 modification time was not kept exactly: `late`');
  });

  it('makes fifos for any user (H17)', async () => {
    const result = await unpack([{ name: 'p', type: '6', mode: 0o640, mtime: 8 }]);
    expect(result.tree.get('p')).toMatchObject({ type: 'fifo', mode: '640', mtime: '8000000000' });
  });

  it('has no more fifos and devices than the limit, which the refusal names', async () => {
    const { blobs } = createMemoryStore();
    const fifos = Array.from({ length: 4 }, (_, at): RawEntry => ({ name: `p${String(at)}`, type: '6' }));
    const image = await imageOf(blobs, [rawTar(fifos)]);
    const destination = join(scratch.path, 'fifos');
    const options = { destination, signal: new AbortController().signal, maxSpecialFiles: 3 };
    await expect(unpackRootfs(image, blobs, options)).rejects.toMatchObject({
      code: 'bundle/too-many-special-files',
      help: expect.stringContaining('maxSpecialFiles') as string,
    });
  });

  it('never takes attributes that steer an overlay from an image (H18)', async () => {
    const pax = { 'SCHILY.xattr.user.overlay.opaque': 'y', 'SCHILY.xattr.user.kept': '\u0000\u00ff' };
    const result = await unpack([{ ...folder('d'), pax }]);
    expect(result.tree.get('d')?.xattrs ?? {}).not.toHaveProperty(['user.overlay.opaque']);
    expect(result.warnings.map(({ code }) => code)).toContain('bundle/xattrs-not-set');
  });

  it('takes the attributes that a lower layer gave a folder away', async () => {
    const given = { ...folder('d'), pax: { 'SCHILY.xattr.user.old': '1' } };
    const result = await unpack([given], [folder('d')]);
    expect(result.tree.get('d')?.xattrs).toBeUndefined();
  });
});

describe('hardlinks', () => {
  it('are one file, also across layers and through links on the way', async () => {
    const hard = (name: string, target: string): RawEntry => ({ name, type: '1', link: target });
    const result = await unpack(
      [folder('usr/lib'), link('lib', 'usr/lib'), file('lib/a', 'x')],
      [hard('b', 'lib/a'), hard('b', 'lib/a')],
    );
    expect(result.tree.get('usr/lib/a')?.sameAs).toBe('b');
  });

  it('keep the metadata of what they name, whatever their own header says (H12)', async () => {
    const result = await unpack([
      { ...file('a'), mode: 0o600 },
      { name: 'b', type: '1', link: 'a', mode: 0o4777 },
    ]);
    expect(result.tree.get('b')?.mode).toBe('600');
  });
});

describe('whiteouts', () => {
  it('remove what lower layers have: files, links and whole folders, and nothing that is not there', async () => {
    const lower = [file('f'), link('l', 'd'), folder('d'), file('d/x')];
    const result = await unpack(lower, [
      whiteout('.wh.f'),
      whiteout('.wh.l'),
      whiteout('.wh.d'),
      whiteout('no/.wh.x'),
    ]);
    expect(pathsOf(result)).toEqual([]);
  });

  it('go through usr-merged folders', async () => {
    const lower = [folder('usr/bin'), link('bin', 'usr/bin'), file('usr/bin/a'), file('usr/bin/b')];
    const result = await unpack(lower, [whiteout('bin/.wh.a')]);
    expect(pathsOf(result)).toEqual(['bin', 'usr', 'usr/bin', 'usr/bin/b']);
  });

  const lower = [
    folder('d', 0o700, 7),
    file('d/old', 'old'),
    folder('d/sub', 0o711, 7),
    file('d/sub/old'),
    file('f', 'old'),
  ];
  const own = [file('d/new'), file('d/sub/new'), file('f', 'new')];
  const whiteouts: Readonly<Record<string, readonly RawEntry[]>> = {
    'a whiteout': [whiteout('.wh.d'), whiteout('.wh.f')],
    'an opaque whiteout': [whiteout('d/.wh..wh..opq')],
  };

  it.each(Object.entries(whiteouts))(
    '%s does the same before and after entries of its own layer (H22)',
    async (_, hiding) => {
      const before = await unpack(lower, [...hiding, ...own]);
      const after = await unpack(lower, [...own, ...hiding]);
      expect(pathsOf(before)).toEqual(['d', 'd/new', 'd/sub', 'd/sub/new', 'f']);
      expect(after.tree).toEqual(before.tree);
      expect(contentOf(after, 'f')).toBe('new');
    },
  );

  it('a later layer puts back what was removed', async () => {
    const result = await unpack([file('a', '1')], [whiteout('.wh.a')], [file('a', '3')]);
    expect(contentOf(result, 'a')).toBe('3');
  });
});

describe('a layer whose bytes are not what the image says', () => {
  it('is refused by its diffID at the end, and leaves nothing (H47)', async () => {
    const { blobs } = createMemoryStore();
    const image = await imageOf(blobs, [rawTar([file('a')])]);
    const [layer] = image.layers;
    if (layer === undefined) throw new Error('no layer');
    const wrong = { ...layer, diffId: trustedDigest(`sha256:${'0'.repeat(64)}`) };
    const destination = join(scratch.path, 'wrong');
    const unpacking = unpackRootfs({ ...image, layers: [wrong] }, blobs, {
      destination,
      signal: new AbortController().signal,
    });
    await expect(unpacking).rejects.toMatchObject({ code: 'bundle/wrong-layer' });
    expect(existsSync(destination)).toBe(false);
    expect(readdirSync(scratch.path).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('keeps the code of what the tar reader refuses, and names the layer', async () => {
    const unpacking = unpack([{ name: 'x', type: 'Z' }]);
    await expect(unpacking).rejects.toMatchObject({
      code: 'layer/unknown-type',
      message: expect.stringMatching(/^layer sha256:/) as string,
    });
  });
});
