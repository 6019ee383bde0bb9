import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { SourceTree } from '../../../src/core/plan/snapshot.ts';
import { checkTree } from '../../../src/core/tree/check-tree.ts';
import { type ArchiveRequest, readArchiveSource } from '../../../src/io/source/archive-source.ts';
import { createContentOpener } from '../../../src/io/source/open-content.ts';
import { createProblemCollector } from '../../../src/io/source/problem-collector.ts';
import type { Reading } from '../../../src/io/source/reading.ts';
import { readAll } from '../layer/pack-entries.ts';
import { createZstdEncoder } from '../../../src/io/layer/zstd-encoder.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { createContext, createReading, temporaryFolder } from './sample-context.ts';
import { tarOf } from './sample-image.ts';

function archiveRequest(source: string, more: Partial<ArchiveRequest> = {}): ArchiveRequest {
  return { kind: 'archive', source, strip: 0, include: [], exclude: [], ...more };
}

const noRecipe = { source: { name: '', text: '' }, places: { values: new Map(), keys: new Map() } };

async function read(context: string, request: ArchiveRequest, more: Partial<Reading> = {}) {
  const reading = createReading(context, more);
  const collector = createProblemCollector(noRecipe);
  const tree = await readArchiveSource(request, { reading, problems: collector.at('') });
  reading.gate.close();
  return { tree, found: collector.found(), codes: collector.found().map(({ code }) => code) };
}

function contextWith(archives: Readonly<Record<string, Buffer>>): string {
  const context = temporaryFolder();
  for (const [name, bytes] of Object.entries(archives)) writeFileSync(join(context, name), bytes);
  return context;
}

async function contentsOf(context: string, { tree, contents }: SourceTree): Promise<Record<string, string>> {
  const opener = createContentOpener({
    contextFolder: context,
    blobs: createMemoryStore().blobs,
    tempFolder: context,
  });
  const texts: Record<string, string> = {};
  for (const entry of tree.entries) {
    const source = contents[entry.path];
    if (entry.type !== 'file' || source === undefined) continue;
    texts[entry.path] = (await readAll(opener.open(source, entry))).toString();
  }
  await opener.close();
  return texts;
}

const packers = {
  tar: (tar: Buffer) => tar,
  'tar.gz': (tar: Buffer) => gzipSync(tar),
  'tar.xz': (tar: Buffer) => execFileSync('xz', ['-c'], { input: tar }),
  'tar.bz2': (tar: Buffer) => execFileSync('bzip2', ['-c'], { input: tar }),
  'tar.zst': async (tar: Buffer) => Buffer.from((await createZstdEncoder(3)).encode(tar)),
};

describe('an archive', () => {
  const files = {
    'p/bin/a': 'alpha',
    'p/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
    'p/lib/b': 'beta',
    'p/l': { link: 'bin/a' },
  };

  it.each(Object.keys(packers) as (keyof typeof packers)[])(
    'keeps owners, modes, times and links of a %s, and its contents where they are',
    async (ending) => {
      const tar = tarOf(createContext(files), '--owner=7', '--group=8', '--mtime=@1234567890.5');
      const context = contextWith({ [`x.${ending}`]: await packers[ending](tar) });
      const { tree, found } = await read(context, archiveRequest(`x.${ending}`));
      expect(found).toEqual([]);
      if (tree === undefined) return;
      checkTree(tree.tree);
      const entry = tree.tree.entries.find(({ path }) => path === 'p/bin/a');
      expect(entry).toMatchObject({
        uid: 7,
        gid: 8,
        mode: 0o644,
        mtime: { seconds: 1234567890, nanoseconds: 5e8 },
      });
      expect(tree.tree.entries.map(({ path }) => path)).toEqual([
        '',
        'p',
        'p/bin',
        'p/bin/a',
        'p/etc',
        'p/etc/passwd',
        'p/l',
        'p/lib',
        'p/lib/b',
      ]);
      expect(await contentsOf(context, tree)).toMatchObject({ 'p/bin/a': 'alpha', 'p/lib/b': 'beta' });
    },
  );

  it('loses leading components, then takes what include and exclude say', async () => {
    const context = contextWith({ 'x.tar.gz': gzipSync(tarOf(createContext(files))) });
    const { tree } = await read(
      context,
      archiveRequest('x.tar.gz', { strip: 1, include: ['bin', 'etc'], exclude: ['**/none'] }),
    );
    expect(tree?.tree.entries.map(({ path }) => path)).toEqual(['bin', 'bin/a', 'etc', 'etc/passwd']);
    expect(tree?.passwd).toBe(files['p/etc/passwd']);
    expect(tree === undefined ? {} : await contentsOf(context, tree)).toMatchObject({ 'bin/a': 'alpha' });
  });

  it('gives the accounts of a root file system', async () => {
    const context = contextWith({ 'x.tar': tarOf(createContext({ 'etc/passwd': 'P', 'etc/group': 'G' })) });
    expect((await read(context, archiveRequest('x.tar'))).tree).toMatchObject({ passwd: 'P', group: 'G' });
    const without = await read(context, archiveRequest('x.tar', { exclude: ['etc/group'] }));
    expect([without.tree?.passwd, without.tree?.group]).toEqual(['P', undefined]);
  });

  it('is read once: the same bytes are known by their digest, wherever they stand', async () => {
    const store = createMemoryStore();
    const tar = tarOf(createContext(files));
    const first = await read(contextWith({ 'x.tar': tar }), archiveRequest('x.tar'), { store });
    const results = { ...store.results, put: () => Promise.reject(new Error('read again')) };
    const second = await read(contextWith({ 'y.tar': tar }), archiveRequest('y.tar'), {
      store: { ...store, results },
    });
    expect(second.tree?.digest).toBe(first.tree?.digest);
  });

  it('keeps hardlinks, one of whose names may be left out', async () => {
    const folder = createContext({ a: 'one' });
    execFileSync('ln', [join(folder, 'a'), join(folder, 'b')]);
    const context = contextWith({ 'x.tar': tarOf(folder) });
    const { tree } = await read(context, archiveRequest('x.tar'));
    expect(tree?.tree.entries).toMatchObject([
      { path: '' },
      { path: 'a', type: 'file' },
      { type: 'hardlink', target: 'a' },
    ]);
    const only = await read(context, archiveRequest('x.tar', { include: ['b'] }));
    expect(only.tree?.tree.entries).toMatchObject([{ path: 'b', type: 'file' }]);
    expect(only.tree === undefined ? {} : await contentsOf(context, only.tree)).toEqual({ b: 'one' });
  });

  it('is held to its sha256', async () => {
    const tar = tarOf(createContext(files));
    const context = contextWith({ 'x.tar': tar });
    const sha256 = createHash('sha256').update(tar).digest('hex');
    expect((await read(context, archiveRequest('x.tar', { sha256 }))).codes).toEqual([]);
    const { codes, found } = await read(context, archiveRequest('x.tar', { sha256: '0'.repeat(64) }));
    expect(codes).toEqual(['source/archive-digest']);
    expect(found[0]?.message).toContain(sha256);
  });

  it.each([
    ['zip, cut', Buffer.from('PK\x03\x04 and more of it'), 'layer/truncated'],
    ['xz, cut', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0]), 'layer/truncated'],
    ['zst, cut', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]), 'layer/truncated'],
    ['bz2, cut', Buffer.from('BZh91AY&SY'), 'layer/truncated'],
    ['text', Buffer.from('no tar at all\n'.repeat(100)), 'source/archive-format'],
    ['a page', Buffer.from('<html>404</html>\n'), 'source/archive-format'],
    [
      'a tar whose first header is damaged',
      Buffer.from(tarOf(createContext({ x: 'x' }))).fill(0xff, 0, 1),
      'layer/bad-header',
    ],
    ['cut', gzipSync(Buffer.alloc(4096, 0)).subarray(0, 24), 'layer/truncated'],
  ])('that is %s is refused', async (name, bytes, code) => {
    expect((await read(contextWith({ [name]: bytes }), archiveRequest(name))).codes).toEqual([code]);
  });

  it('that is a folder, a FIFO or nothing is refused', async () => {
    const context = temporaryFolder();
    mkdirSync(join(context, 'folder'));
    execFileSync('mkfifo', [join(context, 'fifo')]);
    expect((await read(context, archiveRequest('folder'))).codes).toEqual(['source/archive-format']);
    expect((await read(context, archiveRequest('fifo'))).codes).toEqual(['source/special-file']);
    expect((await read(context, archiveRequest('none.tar'))).codes).toEqual(['source/missing']);
  });

  it('whose entries would collide or vanish is refused', async () => {
    const context = contextWith({ 'x.tar': tarOf(createContext({ 'a/x': '1', 'b/x': '2' })) });
    expect((await read(context, archiveRequest('x.tar', { strip: 1 }))).codes).toEqual([
      'source/strip-collision',
    ]);
    expect((await read(context, archiveRequest('x.tar', { strip: 5 }))).codes).toEqual([
      'source/nothing-matched',
    ]);
    expect((await read(context, archiveRequest('x.tar', { include: ['c'] }))).codes).toEqual([
      'source/nothing-matched',
    ]);
  });

  it('cannot leave the image', async () => {
    const folder = createContext({ x: '1' });
    const tar = execFileSync('tar', ['-C', folder, '-P', '--transform=s,^,../,', '-cf', '-', 'x']);
    expect((await read(contextWith({ 'x.tar': tar }), archiveRequest('x.tar'))).codes).toEqual([
      'layer/path-escapes',
    ]);
  });
});
