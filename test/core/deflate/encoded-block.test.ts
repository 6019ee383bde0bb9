import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  blockBytes,
  type DeflateLevel,
  historyBytes,
  isDeflateLevel,
} from '../../../src/core/deflate/block-encoder.ts';
import { createDeflateEncoder } from '../../../src/core/deflate/deflate-encoder.ts';
import { randomBytes, sampleInputs, textBytes } from './sample-inputs.ts';

const levels: readonly DeflateLevel[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe('an encoded block', () => {
  /** Every bit position that a block can end at, many times over. */
  it('ends in a sync flush at whatever bit its data ended', () => {
    const source = sampleInputs['zeros, text and random bytes in turn']!;
    const bare = Buffer.from([0x03, 0x00]);
    fc.assert(
      fc.property(
        fc.record({
          start: fc.nat(2_000_000),
          length: fc.integer({ min: 1, max: 12_000 }),
          before: fc.nat(historyBytes),
        }),
        fc.constantFrom(...levels),
        ({ start, length, before }, level) => {
          const history = source.subarray(Math.max(0, start - before), start);
          const block = source.subarray(start, start + length);
          const encoded = Buffer.from(createDeflateEncoder(level).encode(block, history));
          expect(encoded.subarray(-4).toString('hex')).toBe('0000ffff');
          const inflated = inflateRawSync(
            Buffer.concat([encoded, bare]),
            history.length > 0 ? { dictionary: history } : {},
          );
          expect(same(inflated, block)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('does not depend on what was encoded before', () => {
    const encoder = createDeflateEncoder(6);
    const first = Buffer.from(encoder.encode(textBytes(50_000), new Uint8Array(0)));
    encoder.encode(randomBytes(blockBytes), randomBytes(historyBytes));
    expect(same(encoder.encode(textBytes(50_000), new Uint8Array(0)), first)).toBe(true);
  });

  it('finds in its history what it repeats', () => {
    const history = randomBytes(historyBytes);
    expect(createDeflateEncoder(6).encode(history.subarray(1000, 9000), history).length).toBeLessThan(400);
  });
});

test('levels are 1 to 9', () => {
  expect([0, 1, 6, 9, 10, 1.5].map(isDeflateLevel)).toEqual([false, true, true, true, false, false]);
});
