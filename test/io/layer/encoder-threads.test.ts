/** Threads that encode where the system has few of them to give. Runs the built worker. */
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createBlockEncoders, type BlockToEncode } from '../../../src/io/layer/encode-block.ts';
import { createEncoderThreads, type EncoderThreads } from '../../../src/io/layer/encoder-threads.ts';
import { geometryOf } from '../../../src/io/layer/geometry.ts';
import { startLayerWorker } from '../../../src/io/layer/start-worker.ts';
import { textBytes } from '../../core/deflate/sample-inputs.ts';

const compression = { type: 'gzip', level: 6 } as const;

function blockOf(length: number): BlockToEncode {
  const block = new Uint8Array(new SharedArrayBuffer(length));
  block.set(textBytes(length));
  const output = new Uint8Array(new SharedArrayBuffer(geometryOf(compression).encodedBytes));
  return { compression, block, history: new Uint8Array(0), output };
}

/** Threads of a system that gives only the first `given` of those asked for; and how often it was asked. */
function threadsOf(given: number): { readonly threads: EncoderThreads; readonly asked: () => number } {
  let asked = 0;
  const start = (): Worker => {
    asked += 1;
    if (asked > given) throw new Error('EAGAIN');
    return startLayerWorker();
  };
  return { threads: createEncoderThreads(4, start), asked: () => asked };
}

describe('threads that encode', () => {
  it('do with those that could be started, and ask for no more of them', async () => {
    const { threads, asked } = threadsOf(1);
    const blocks = [100_000, 200_000, 300_000, 400_000].map(blockOf);
    const encoded = await Promise.all(blocks.map((block) => threads.encode(block)));
    await threads.close();
    const here = await Promise.all(
      [100_000, 200_000, 300_000, 400_000].map(blockOf).map(createBlockEncoders()),
    );
    expect(encoded.map((bytes) => Buffer.from(bytes))).toEqual(here.map((bytes) => Buffer.from(bytes)));
    expect(asked()).toBe(2);
  });

  it('say so where there is not one', async () => {
    const { threads } = threadsOf(0);
    await expect(threads.encode(blockOf(1000))).rejects.toMatchObject({
      code: 'layer/cannot-compress',
      message: 'compressing a layer failed: no thread can be started: EAGAIN',
    });
  });
});
