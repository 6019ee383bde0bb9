import { spawnSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeflateLevel } from '../../../src/core/deflate/block-encoder.ts';
import { anyBytes } from '../../core/deflate/any-bytes.ts';
import { sampleInputs, textBytes } from '../../core/deflate/sample-inputs.ts';
import { noThreads, throughStream } from './through-stream.ts';

const levels: readonly DeflateLevel[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];

function gzip(input: Uint8Array, level: DeflateLevel, cuts: readonly number[] = []): Promise<Buffer> {
  const ends = cuts.map((_, index) => cuts.slice(0, index + 1).reduce((sum, cut) => sum + cut, 0));
  const pieces = [0, ...ends].map((start, index) => input.subarray(start, ends[index]));
  const compression = { type: 'gzip', level } as const;
  return throughStream(pieces, { compression, packer: noThreads, encode: 'here' });
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe('a gzip stream of fixed blocks', () => {
  it.each(Object.entries(sampleInputs))(
    'gives back %s through node:zlib at levels 1, 6 and 9',
    async (_name, input) => {
      for (const level of [1, 6, 9] as const)
        expect(same(gunzipSync(await gzip(input, level)), input)).toBe(true);
    },
  );

  it.each(Object.entries(sampleInputs))('gives back %s through GNU gzip', async (_name, input) => {
    const { status, stdout } = spawnSync('gzip', ['-dc'], {
      input: await gzip(input, 6),
      maxBuffer: 2 ** 26,
    });
    expect(status).toBe(0);
    expect(same(stdout, input)).toBe(true);
  });

  it('has no time, no name and an unknown operating system', async () => {
    expect((await gzip(textBytes(10), 6)).subarray(0, 10).toString('hex')).toBe('1f8b08000000000000ff');
  });

  it('is 20 bytes for no input at all', async () => {
    const empty = await gzip(new Uint8Array(0), 6);
    expect(empty.toString('hex')).toBe(`1f8b08000000000000ff0300${'00'.repeat(8)}`);
  });

  it('depends on the input and the level, not on how it was cut into writes', async () => {
    const input = sampleInputs['zeros, text and random bytes in turn']!;
    const whole = await gzip(input, 6);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.nat(100), fc.nat(1_500_000)), { maxLength: 20 }),
        async (cuts) => {
          expect(same(await gzip(input, 6, cuts), whole)).toBe(true);
        },
      ),
      { numRuns: 15 },
    );
    expect(same(await gzip(input, 1), whole)).toBe(false);
  });

  it('gives back small inputs of any bytes at each level, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyBytes,
        fc.constantFrom(...levels),
        fc.array(fc.nat(5000), { maxLength: 5 }),
        async (bytes, level, cuts) => {
          expect(same(gunzipSync(await gzip(bytes, level, cuts)), bytes)).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });
});
