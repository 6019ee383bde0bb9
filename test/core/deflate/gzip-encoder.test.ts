import { spawnSync } from 'node:child_process';
import { crc32 as zlibCrc32, gunzipSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  blockBytes,
  type DeflateLevel,
  historyBytes,
  isDeflateLevel,
} from '../../../src/core/deflate/block-encoder.ts';
import { crc32 } from '../../../src/core/deflate/crc32.ts';
import { createDeflateEncoder } from '../../../src/core/deflate/deflate-encoder.ts';
import { createGzipEncoder } from '../../../src/core/deflate/gzip-encoder.ts';
import { anyBytes } from './any-bytes.ts';
import { randomBytes, sampleInputs, textBytes } from './sample-inputs.ts';

const levels: readonly DeflateLevel[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];

function gzip(input: Uint8Array, level: DeflateLevel, cuts: readonly number[] = []): Buffer {
  const parts: Uint8Array[] = [];
  const stream = createGzipEncoder({
    encoder: createDeflateEncoder(level),
    onBytes: (bytes) => parts.push(bytes),
  });
  let at = 0;
  for (const cut of cuts) {
    stream.write(input.subarray(at, at + cut));
    at += cut;
  }
  stream.write(input.subarray(at));
  stream.end();
  return Buffer.concat(parts);
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe('a gzip member of fixed blocks', () => {
  it.each(Object.entries(sampleInputs))(
    'gives back %s through node:zlib at levels 1, 6 and 9',
    (_name, input) => {
      for (const level of [1, 6, 9] as const) expect(same(gunzipSync(gzip(input, level)), input)).toBe(true);
    },
  );

  it.each(Object.entries(sampleInputs))('gives back %s through GNU gzip', (_name, input) => {
    const { status, stdout } = spawnSync('gzip', ['-dc'], { input: gzip(input, 6), maxBuffer: 2 ** 26 });
    expect(status).toBe(0);
    expect(same(stdout, input)).toBe(true);
  });

  it('has no time, no name and an unknown operating system', () => {
    expect(gzip(textBytes(10), 6).subarray(0, 10).toString('hex')).toBe('1f8b08000000000000ff');
  });

  it('is 20 bytes for no input at all', () => {
    expect(gzip(new Uint8Array(0), 6).toString('hex')).toBe(`1f8b08000000000000ff0300${'00'.repeat(8)}`);
  });

  it('depends on the input and the level, not on how it was cut into writes', () => {
    const input = sampleInputs['zeros, text and random bytes in turn']!;
    const whole = gzip(input, 6);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(100), fc.nat(1_500_000)), { maxLength: 20 }), (cuts) => {
        expect(same(gzip(input, 6, cuts), whole)).toBe(true);
      }),
      { numRuns: 15 },
    );
    expect(same(gzip(input, 1), whole)).toBe(false);
  });

  it('gives back small inputs of any bytes at each level, however they are cut', () => {
    fc.assert(
      fc.property(
        anyBytes,
        fc.constantFrom(...levels),
        fc.array(fc.nat(5000), { maxLength: 5 }),
        (bytes, level, cuts) => {
          expect(same(gunzipSync(gzip(bytes, level, cuts)), bytes)).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('takes another right CRC-32 without another byte', () => {
    const input = textBytes(100_000);
    const parts: Uint8Array[] = [];
    const stream = createGzipEncoder({
      encoder: createDeflateEncoder(6),
      onBytes: (bytes) => parts.push(bytes),
      crc32: zlibCrc32,
    });
    stream.write(input);
    stream.end();
    expect(same(Buffer.concat(parts), gzip(input, 6))).toBe(true);
  });
});

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

describe('CRC-32', () => {
  it('is the one of node:zlib, in one piece or two', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, cut) => {
        expect(crc32(bytes, 0)).toBe(zlibCrc32(bytes));
        expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut), 0))).toBe(zlibCrc32(bytes));
      }),
    );
    expect(crc32(Buffer.from('123456789'), 0)).toBe(0xcbf43926);
  });
});

test('levels are 1 to 9', () => {
  expect([0, 1, 6, 9, 10, 1.5].map(isDeflateLevel)).toEqual([false, true, true, true, false, false]);
});
