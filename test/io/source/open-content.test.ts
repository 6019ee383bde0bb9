import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/digest/digest.ts';
import type { ContentSource, FileEntry } from '../../../src/core/tree/file-tree.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';
import { type ContentOpener, createContentOpener } from '../../../src/io/source/open-content.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import type { ContentReader } from '../../../src/io/layer/layer-io.ts';
import { readAll } from '../layer/pack-entries.ts';
import { createContext, temporaryFolder } from './sample-context.ts';
import { tarOf } from './sample-image.ts';

function entry(size: number): FileEntry {
  const plain = { mode: 0o644, uid: 0, gid: 0, mtime: { seconds: 0 } };
  return { type: 'file', path: 'x' as ImagePath, size, digest: digestOf(Buffer.from('')), ...plain };
}

async function textOf(opener: ContentOpener, source: ContentSource, size = 0): Promise<string> {
  return (await readAll(opener.open(source, entry(size)))).toString();
}

/** A gzip tar whose one file starts at byte 512, with the text at that place. */
function packed(text: string): { bytes: Buffer; offset: number } {
  const tar = tarOf(createContext({ f: text }));
  return { bytes: gzipSync(tar), offset: tar.indexOf(text) };
}

describe('content', () => {
  it('comes from files of the context, of any size', async () => {
    const large = 'abcdefgh'.repeat(100_000);
    const context = createContext({ 'd/small': 's', empty: '', large });
    const opener = createContentOpener({ contextFolder: context, blobs: createMemoryStore().blobs });
    expect(await textOf(opener, { in: 'context', path: 'd/small' })).toBe('s');
    expect(await textOf(opener, { in: 'context', path: 'empty' })).toBe('');
    expect(await textOf(opener, { in: 'context', path: 'large' })).toBe(large);
    await opener.close();
  });

  it('comes from the plan', async () => {
    const opener = createContentOpener({
      contextFolder: temporaryFolder(),
      blobs: createMemoryStore().blobs,
    });
    expect(await textOf(opener, { in: 'literal', base64: Buffer.from('hello\n').toString('base64') })).toBe(
      'hello\n',
    );
    await opener.close();
  });

  it('comes from archives and layers, each decompressed once, with no trace left', async () => {
    const store = createMemoryStore();
    const { bytes, offset } = packed('content of f');
    const { digest } = await store.blobs.put(bytes);
    const context = temporaryFolder();
    writeFileSync(join(context, 'x.tgz'), bytes);
    writeFileSync(join(context, 'x.tar'), tarOf(createContext({ f: 'content of f' })));
    const tempFolder = temporaryFolder();
    const opener = createContentOpener({ contextFolder: context, blobs: store.blobs, tempFolder });
    const sources: ContentSource[] = [
      { in: 'archive', path: 'x.tgz', offset },
      { in: 'archive', path: 'x.tar', offset },
      { in: 'layer', blob: digest, offset },
    ];
    const read = () => Promise.all(sources.map((source) => textOf(opener, source, 12)));
    expect(await read()).toEqual(Array(3).fill('content of f'));
    rmSync(join(context, 'x.tgz'));
    expect(await read()).toEqual(Array(3).fill('content of f'));
    expect(readdirSync(tempFolder)).toHaveLength(1);
    await opener.close();
    expect(readdirSync(tempFolder)).toEqual([]);
  });

  it('comes from whole blobs, small and large', async () => {
    const store = createMemoryStore();
    const tempFolder = temporaryFolder();
    const opener = createContentOpener({ contextFolder: temporaryFolder(), blobs: store.blobs, tempFolder });
    const large = 'abcdefgh'.repeat(1_100_000);
    for (const text of ['', 'small', large]) {
      const { digest } = await store.blobs.put(Buffer.from(text));
      expect(await textOf(opener, { in: 'blob', blob: digest }, text.length)).toBe(text);
    }
    await opener.close();
    expect(readdirSync(tempFolder)).toEqual([]);
  });

  it('of two files at the same time does not mix', async () => {
    const context = createContext({ a: 'a'.repeat(500_000), b: 'b'.repeat(500_000) });
    const opener = createContentOpener({ contextFolder: context, blobs: createMemoryStore().blobs });
    const open = (path: string): Promise<ContentReader> =>
      Promise.resolve(opener.open({ in: 'context', path }, entry(500_000)));
    const [a, b] = [await open('a'), await open('b')];
    const [first, second] = [Buffer.alloc(1000), Buffer.alloc(1000)];
    expect([a.read(first), b.read(second), a.read(first), b.read(second)]).toEqual(Array(4).fill(1000));
    expect([first, second].map(String)).toEqual(['a'.repeat(1000), 'b'.repeat(1000)]);
    a.close();
    b.close();
    await opener.close();
  });

  it('that is not there any more, or behind a link by now, is said to have changed', async () => {
    const context = createContext({ 'd/a': 'x', 'e/': '' });
    symlinkSync('/etc', join(context, 'etc'));
    const opener = createContentOpener({ contextFolder: context, blobs: createMemoryStore().blobs });
    for (const path of ['gone', 'etc/passwd', 'e', 'd/a/b']) {
      await expect(textOf(opener, { in: 'context', path })).rejects.toMatchObject({ code: 'source/changed' });
    }
    await opener.close();
  });

  it('of a layer that the store has lost is a failure of the store', async () => {
    const opener = createContentOpener({
      contextFolder: temporaryFolder(),
      blobs: createMemoryStore().blobs,
    });
    const source: ContentSource = { in: 'layer', blob: digestOf(Buffer.from('lost')), offset: 0 };
    await expect(textOf(opener, source, 1)).rejects.toMatchObject({ code: 'store/blob-missing' });
    await opener.close();
  });

  it('of an archive that has become shorter ends before its size', async () => {
    const context = createContext({ 'x.tar': 'short' });
    const opener = createContentOpener({ contextFolder: context, blobs: createMemoryStore().blobs });
    expect(await textOf(opener, { in: 'archive', path: 'x.tar', offset: 2 }, 100)).toBe('ort');
    await opener.close();
  });

  it('needs no descriptor once it is closed, and few before', async () => {
    const context = temporaryFolder();
    mkdirSync(join(context, 'd'));
    const { bytes, offset } = packed('text');
    for (let at = 0; at < 80; at += 1) writeFileSync(join(context, `d/${String(at)}.tgz`), bytes);
    const before = readdirSync('/proc/self/fd').length;
    const opener = createContentOpener({ contextFolder: context, blobs: createMemoryStore().blobs });
    for (let at = 0; at < 80; at += 1) {
      expect(await textOf(opener, { in: 'archive', path: `d/${String(at)}.tgz`, offset }, 4)).toBe('text');
    }
    expect(readdirSync('/proc/self/fd').length - before).toBeLessThan(5);
    await opener.close();
    expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before);
  });
});

describe('a folder for temporary files that cannot be used', () => {
  it('is named when an archive is decompressed', async () => {
    const context = temporaryFolder();
    writeFileSync(join(context, 'x.tgz'), packed('text').bytes);
    const opener = createContentOpener({
      contextFolder: context,
      blobs: createMemoryStore().blobs,
      tempFolder: join(context, 'none'),
    });
    const source: ContentSource = { in: 'archive', path: 'x.tgz', offset: 512 };
    await expect(textOf(opener, source, 4)).rejects.toMatchObject({ code: 'store/io' });
    await opener.close();
  });
});
