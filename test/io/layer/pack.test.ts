import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../src/core/diagnostic/catalogue.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { LayerError } from '../../../src/core/tar/layer-error.ts';
import type { TreeEntry } from '../../../src/core/tree/file-tree.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';
import { endBlocks, member, tar } from '../../core/tar/raw-tar.ts';
import type { ContentReader } from '../../../src/io/layer/layer-io.ts';
import { digestOfBytes, fileEntry, gzip6, none, pack, plain, readerOf } from './pack-entries.ts';

const folder: TreeEntry = { type: 'directory', ...plain, mode: 0o755, path: 'a' as ImagePath };
const contents = { 'a/f': 'hello', 'a/g': 'x'.repeat(512), 'a/e': '' };
const entries: TreeEntry[] = [
  folder,
  ...Object.entries(contents).map(([path, content]) => fileEntry(path, content)),
];

describe('a packed layer', () => {
  it('is headers, contents and padding in order, ended by two zero blocks', async () => {
    const { bytes } = await pack(entries, contents, { compression: none });
    const expected = tar(
      member({ name: 'a/', type: '5', mode: 0o755 }),
      ...Object.entries(contents).map(([name, content]) => member({ name }, content)),
    );
    expect(bytes.equals(expected)).toBe(true);
  });

  it('names media type, size, digest and diffID of what went to the sink', async () => {
    const plainTar = await pack(entries, contents, { compression: none });
    const digest = digestOfBytes(plainTar.bytes);
    const size = plainTar.bytes.length;
    expect(plainTar.layer).toEqual({ mediaType: mediaTypes.layer, digest, diffId: digest, size });
    const gzip = await pack(entries, contents, { compression: gzip6 });
    expect(gzip.layer).toEqual({
      mediaType: mediaTypes.layerGzip,
      digest: digestOfBytes(gzip.bytes),
      diffId: digest,
      size: gzip.bytes.length,
    });
    expect(gunzipSync(gzip.bytes).equals(plainTar.bytes)).toBe(true);
  });

  it('is the same however contents come', async () => {
    const big = Buffer.alloc(3_000_000, 'some content ');
    const all = [...entries, fileEntry('b', big)];
    const whole = await pack(all, { ...contents, b: big });
    const openContent = async (entry: { path: string }): Promise<ContentReader> => {
      const bytes = Buffer.from(entry.path === 'b' ? big : contents[entry.path as keyof typeof contents]);
      return readerOf(
        (function* () {
          for (let at = 0; at < bytes.length; at += 7919) yield bytes.subarray(at, at + 7919);
        })(),
      );
    };
    const pieces = await pack(all, {}, { openContent });
    expect(pieces.layer).toEqual(whole.layer);
    expect(pieces.bytes.equals(whole.bytes)).toBe(true);
  });

  it('of nothing is two zero blocks', async () => {
    expect((await pack([], {}, { compression: none })).bytes.equals(endBlocks)).toBe(true);
  });
});

describe('a file that changed since it was read', () => {
  it.each([
    ['longer', 'hello!', 'it has more than the 5 bytes it had'],
    ['shorter', 'hell', 'it has 4 bytes and had 5'],
    ['empty', '', 'it has 0 bytes and had 5'],
    ['other', 'hellO', 'its content has another digest now'],
  ])('is refused by name when it is %s', async (_how, content, found) => {
    const packing = pack(entries, { ...contents, 'a/f': content });
    await expect(packing).rejects.toThrow(LayerError);
    await expect(pack(entries, { ...contents, 'a/f': content })).rejects.toMatchObject({
      code: 'layer/file-changed',
      message: `packing \`a/f\`: the file changed after it was read for the plan: ${found}`,
    });
    expect(exitCodeOf('layer/file-changed')).toBe(1);
  });

  it('that grows without end is refused at once', async () => {
    let given = 0;
    const openContent = (): ContentReader =>
      readerOf(
        (function* () {
          for (;;) {
            given += 1;
            yield Buffer.alloc(1000);
          }
        })(),
      );
    await expect(pack([fileEntry('f', 'x')], {}, { openContent })).rejects.toThrow('`f`');
    expect(given).toBe(1);
  });

  it('closes the content it was reading', async () => {
    let closed = false;
    const openContent = (): ContentReader => readerOf([Buffer.from('changed')], () => (closed = true));
    await expect(pack([fileEntry('f', 'x')], {}, { openContent })).rejects.toThrow();
    expect(closed).toBe(true);
  });
});

describe('packing', () => {
  const many = Array.from({ length: 8000 }, (_, at) => fileEntry(`f${String(at).padStart(5, '0')}`, ''));

  it('gives the event loop turns and says how far it is', async () => {
    const big = Buffer.alloc(5_000_000, 7);
    const progress: number[] = [];
    let turns = 0;
    const count = setInterval(() => (turns += 1), 0);
    await pack(
      [fileEntry('b', big)],
      {},
      {
        openContent: () => readerOf([big]),
        onProgress: (done) => progress.push(done),
      },
    );
    clearInterval(count);
    expect(turns).toBeGreaterThan(0);
    expect(progress.length).toBeGreaterThanOrEqual(5);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(big.length);
  });

  it('stops with the reason of its signal, many small files too', async () => {
    const controller = new AbortController();
    const reason = new Error('stopped by a test');
    const packing = pack(many, {}, { signal: controller.signal, onProgress: () => controller.abort(reason) });
    await expect(packing).rejects.toBe(reason);
    await expect(pack([], {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('passes on what opening a content throws', async () => {
    const gone = new Error('no such file');
    const openContent = (): never => {
      throw gone;
    };
    await expect(pack([fileEntry('f', 'x')], {}, { openContent })).rejects.toBe(gone);
  });
});
