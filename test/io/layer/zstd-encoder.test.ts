import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileLibzstd } from '../../../src/io/layer/libzstd.ts';
import { createZstdEncoder, zstdBlockBytes } from '../../../src/io/layer/zstd-encoder.ts';
import { createZstdStream } from '../../../src/io/layer/zstd-stream.ts';
import { randomBytes, textBytes } from '../../core/deflate/sample-inputs.ts';
import { decoded } from '../../core/zstd/decoded.ts';
import { digestOfBytes } from './pack-entries.ts';

async function streamed(level: number, input: Uint8Array, cut: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const stream = createZstdStream(await createZstdEncoder(level), (frame) => parts.push(frame));
  for (let at = 0; at < input.length; at += cut) {
    const own = Uint8Array.from(input.subarray(at, at + cut));
    stream.write(own);
    own.fill(0xee);
  }
  stream.end();
  return Buffer.concat(parts);
}

const text = textBytes(300_000);

describe('a frame', () => {
  it('says the size of its content, has no checksum and no dictionary, and a window no larger than a block', async () => {
    for (const level of [1, 3, 19]) {
      const frame = (await createZstdEncoder(level)).encode(textBytes(100_000));
      // RFC 8878, 3.1.1.1.1: a size of four bytes, a single segment, no reserved bit, no checksum, no dictionary.
      expect(Buffer.from(frame.subarray(0, 9)).toString('hex')).toBe('28b52ffda0a0860100');
    }
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

describe('a stream', () => {
  it('is frames of 4 MiB, whatever the writes', async () => {
    const input = Buffer.concat([
      textBytes(zstdBlockBytes - 5),
      randomBytes(zstdBlockBytes),
      textBytes(1234),
    ]);
    const encoder = await createZstdEncoder(1);
    const frames = [0, 1, 2].map((at) =>
      encoder.encode(input.subarray(at * zstdBlockBytes, (at + 1) * zstdBlockBytes)),
    );
    for (const cut of [65_536, 1_000_003, input.length]) {
      expect(Buffer.compare(await streamed(1, input, cut), Buffer.concat(frames))).toBe(0);
    }
    expect(Buffer.compare(decoded(Buffer.concat(frames)), input)).toBe(0);
  });

  it('of whole blocks ends with the last of them, and one of nothing is one frame', async () => {
    const encoder = await createZstdEncoder(1);
    const zeros = new Uint8Array(zstdBlockBytes);
    expect(Buffer.compare(await streamed(1, zeros, 65_536), encoder.encode(zeros))).toBe(0);
    expect(Buffer.compare(await streamed(1, new Uint8Array(0), 1), encoder.encode(new Uint8Array(0)))).toBe(
      0,
    );
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
