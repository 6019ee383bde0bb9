import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileLibzstd, openLibzstd } from '../../../src/io/layer/libzstd.ts';
import { createZstdEncoder, zstdBlockBytes, zstdFrameBytes } from '../../../src/io/layer/zstd-encoder.ts';
import { randomBytes, textBytes } from '../../core/deflate/sample-inputs.ts';
import { decoded } from '../../core/zstd/decoded.ts';
import { digestOfBytes, fileEntry, none, pack } from './pack-entries.ts';

const text = textBytes(300_000);

describe('a frame', () => {
  it('says the size of its content, has no checksum and no dictionary, and a window no larger than a block', async () => {
    for (const level of [1, 3, 19]) {
      const frame = (await createZstdEncoder(level)).encode(textBytes(100_000));
      // RFC 8878, 3.1.1.1.1: a size of four bytes, a single segment, no reserved bit, no checksum, no dictionary.
      expect(Buffer.from(frame.subarray(0, 9)).toString('hex')).toBe('28b52ffda0a0860100');
    }
  });

  it('is never longer than what is made room for', async () => {
    const encoder = await createZstdEncoder(1);
    expect(encoder.encode(randomBytes(zstdBlockBytes)).length).toBeLessThanOrEqual(
      zstdFrameBytes(zstdBlockBytes),
    );
    expect((await openLibzstd()).compressBound(zstdBlockBytes)).toBe(zstdFrameBytes(zstdBlockBytes));
  });

  it('of nothing is a frame too', async () => {
    const encoder = await createZstdEncoder(3);
    expect(decoded(encoder.encode(new Uint8Array(0)))).toHaveLength(0);
  });

  it('depends on its block alone, not on those before it', async () => {
    for (const level of [1, 3, 9]) {
      const fresh = (await createZstdEncoder(level)).encode(text);
      const used = await createZstdEncoder(level);
      for (const block of [randomBytes(zstdBlockBytes), textBytes(1000), new Uint8Array(zstdBlockBytes)])
        used.encode(block);
      expect(Buffer.compare(used.encode(text), fresh)).toBe(0);
    }
  });

  it('is the same for a block in shared memory', async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(text.length));
    shared.set(text);
    const encoder = await createZstdEncoder(3);
    expect(Buffer.compare(encoder.encode(shared), encoder.encode(text))).toBe(0);
  });

  it('is the receiver’s: the next one leaves it as it is', async () => {
    const encoder = await createZstdEncoder(3);
    const first = encoder.encode(text);
    const kept = Buffer.from(first);
    encoder.encode(randomBytes(100_000));
    expect(Buffer.compare(first, kept)).toBe(0);
  });

  it('is what the package itself would make', async () => {
    const script = `
      const { init, compress } = require('@bokuweb/zstd-wasm');
      init().then(() => process.stdout.write(compress(require('fs').readFileSync(0), 3)));`;
    const { stdout } = spawnSync(process.execPath, ['-e', script], { input: text });
    expect(Buffer.compare((await createZstdEncoder(3)).encode(text), stdout)).toBe(0);
  });

  it.each([0, 20, 1.5, Number.NaN])('has no level %s', async (level) => {
    await expect(createZstdEncoder(level)).rejects.toThrow(/^Bug: /);
  });
});

describe('a layer', () => {
  const zstd1 = { type: 'zstd', level: 1 } as const;

  it.each([
    ['ends within a block', 2 * zstdBlockBytes + 1234],
    ['ends with a block', 2 * zstdBlockBytes - 3 * 512],
  ])('whose tar %s is frames of 4 MiB each', async (_how, size) => {
    const content = Buffer.concat([textBytes(size - 5_000_000), randomBytes(5_000_000)]);
    const entries = [fileEntry('f', content)];
    const { bytes: tar } = await pack(entries, { f: content }, { compression: none });
    const encoder = await createZstdEncoder(1);
    const frames: Uint8Array[] = [];
    for (let at = 0; at < tar.length; at += zstdBlockBytes)
      frames.push(encoder.encode(tar.subarray(at, at + zstdBlockBytes)));
    const { bytes } = await pack(entries, { f: content }, { compression: zstd1 });
    expect(Buffer.compare(bytes, Buffer.concat(frames))).toBe(0);
    expect(Buffer.compare(decoded(bytes), tar)).toBe(0);
  });
});

describe('the encoder in a thread, bundled', () => {
  let script = '';
  beforeAll(async () => {
    const source = `
      import { parentPort } from 'node:worker_threads';
      import { createHash } from 'node:crypto';
      import { createZstdEncoder } from './src/io/layer/zstd-encoder.ts';
      const listeners = (name) => process.listenerCount(name);
      const names = ['uncaughtException', 'unhandledRejection'];
      const before = names.map(listeners);
      parentPort.once('message', async (block) => {
        const digest = createHash('sha256').update((await createZstdEncoder(3)).encode(block)).digest('hex');
        parentPort.postMessage({ digest, before, after: names.map(listeners) });
      });`;
    const { outputFiles } = await build({
      stdin: { contents: source, resolveDir: join(import.meta.dirname, '../../..'), loader: 'ts' },
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
    });
    script = outputFiles[0]?.text ?? '';
  });

  it('makes the same bytes of shared memory, and leaves no handler behind', async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(text.length));
    shared.set(text);
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(withPlace(script))}`), {
      stdout: true,
      stderr: true,
    });
    const said = { out: '', err: '' };
    worker.stdout.on('data', (bytes: Buffer) => (said.out += bytes.toString()));
    worker.stderr.on('data', (bytes: Buffer) => (said.err += bytes.toString()));
    worker.postMessage(shared);
    const answer = await new Promise<{ digest: string; before: number[]; after: number[] }>(
      (resolve, reject) => {
        worker.once('message', resolve).once('error', reject);
      },
    );
    await worker.terminate();
    expect(`sha256:${answer.digest}`).toBe(digestOfBytes((await createZstdEncoder(3)).encode(text)));
    expect(answer.after).toEqual(answer.before);
    expect(said).toEqual({ out: '', err: '' });
  });
});

/** A module of text stands nowhere, and packages are looked for from where a module stands. */
function withPlace(script: string): string {
  return script.replaceAll('import.meta.url', JSON.stringify(import.meta.url));
}

describe('another version of the package', () => {
  it('is refused before anything of it runs', async () => {
    const path = createRequire(import.meta.url).resolve('@bokuweb/zstd-wasm');
    await expect(compileLibzstd(Buffer.from(path))).rejects.toMatchObject({ code: 'layer/zstd-package' });
  });
});
