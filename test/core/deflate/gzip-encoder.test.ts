import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { crc32 as zlibCrc32, gunzipSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blockBytes,
  type DeflateLevel,
  historyBytes,
  isDeflateLevel,
} from '../../../src/core/deflate/block-encoder.ts';
import { crc32 } from '../../../src/core/deflate/crc32.ts';
import { createFflateEncoder, encoderIdentity } from '../../../src/core/deflate/fflate-encoder.ts';
import { createGzipEncoder } from '../../../src/core/deflate/gzip-encoder.ts';
import { layerFormat } from '../../../src/core/deflate/layer-format.ts';
import { randomBytes, sampleInputs, textBytes } from './sample-inputs.ts';

const levels: readonly DeflateLevel[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];

function gzip(input: Uint8Array, level: DeflateLevel, cuts: readonly number[] = []): Buffer {
  const parts: Uint8Array[] = [];
  const stream = createGzipEncoder({
    encoder: createFflateEncoder(level),
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
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.tuple(fc.nat(255), fc.nat(2000)).map(([byte, length]) => new Uint8Array(length).fill(byte)),
      fc.tuple(fc.nat(20_000), fc.integer({ min: 1 })).map(([length, seed]) => randomBytes(length, seed)),
      fc.nat(20_000).map(textBytes),
    );
    const input = fc.array(piece, { maxLength: 6 }).map((pieces) => new Uint8Array(Buffer.concat(pieces)));
    fc.assert(
      fc.property(
        input,
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
      encoder: createFflateEncoder(6),
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
          const encoded = Buffer.from(createFflateEncoder(level).encode(block, history));
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
    const encoder = createFflateEncoder(6);
    const first = Buffer.from(encoder.encode(textBytes(50_000), new Uint8Array(0)));
    encoder.encode(randomBytes(blockBytes), randomBytes(historyBytes));
    expect(same(encoder.encode(textBytes(50_000), new Uint8Array(0)), first)).toBe(true);
  });

  it('finds in its history what it repeats', () => {
    const history = randomBytes(historyBytes);
    expect(createFflateEncoder(6).encode(history.subarray(1000, 9000), history).length).toBeLessThan(400);
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

describe('the names of the encoder', () => {
  it('are those of the installed package and of an unreleased format', () => {
    const { version } = createRequire(import.meta.url)('fflate/package.json') as { version: string };
    expect(encoderIdentity).toBe(`fflate-${version}`);
    expect(layerFormat).toBe(0);
  });

  it('know levels 1 to 9', () => {
    expect([0, 1, 6, 9, 10, 1.5].map(isDeflateLevel)).toEqual([false, true, true, true, false, false]);
  });
});

/** The bytes of layerFormat 0. A change here is a change of the format. */
describe('golden digests of the encoder', () => {
  it('hold at levels 1, 6 and 9', () => {
    const digests = Object.entries(sampleInputs).flatMap(([name, input]) =>
      ([1, 6, 9] as const).map((level) => {
        const digest = createHash('sha256').update(gzip(input, level)).digest('hex');
        return `${level} ${digest.slice(0, 32)} ${name}`;
      }),
    );
    expect(digests.join('\n')).toMatchInlineSnapshot(`
      "1 ac73670af3abed54ac6fb4695131f409 empty
      6 ac73670af3abed54ac6fb4695131f409 empty
      9 ac73670af3abed54ac6fb4695131f409 empty
      1 f36479cfccfcf7ec33f811a27fd33e1d 1 byte
      6 f36479cfccfcf7ec33f811a27fd33e1d 1 byte
      9 f36479cfccfcf7ec33f811a27fd33e1d 1 byte
      1 16a840aedf138ba6eb669b64896c2f33 31 bytes
      6 16a840aedf138ba6eb669b64896c2f33 31 bytes
      9 16a840aedf138ba6eb669b64896c2f33 31 bytes
      1 da152c40fa513839686a4100557b5cf3 1 MiB - 1 of text
      6 9dff30c6df9835ef949cf74fb38b2dff 1 MiB - 1 of text
      9 a0557ea61dcd76e6ff1b001e6dd41714 1 MiB - 1 of text
      1 bb49481ac6fe8f9212bc0b95695f9a40 1 MiB of random bytes
      6 bb49481ac6fe8f9212bc0b95695f9a40 1 MiB of random bytes
      9 bb49481ac6fe8f9212bc0b95695f9a40 1 MiB of random bytes
      1 60707c5d7d65472d811e3e35832af0fd 1 MiB + 1 of text
      6 1494a3c6f32468c390caa4f54a92f446 1 MiB + 1 of text
      9 81417e3ff09a7bb18fb1c1793e9bc58f 1 MiB + 1 of text
      1 d3980138eaeaf1c87e3fe85ad74cd6dd 3 MiB of zeros
      6 d3980138eaeaf1c87e3fe85ad74cd6dd 3 MiB of zeros
      9 d3980138eaeaf1c87e3fe85ad74cd6dd 3 MiB of zeros
      1 27ec9201c2affcd45b09518141c9bd7d 2.5 MiB of random bytes
      6 27ec9201c2affcd45b09518141c9bd7d 2.5 MiB of random bytes
      9 27ec9201c2affcd45b09518141c9bd7d 2.5 MiB of random bytes
      1 d0cf5a0d9d06dbaa9c93cd31ab2ec33a 4 MiB and a bit of text
      6 edb08dfede550e89d45c94dd41497089 4 MiB and a bit of text
      9 a41ae58475f5ab0f63d6e9314bd74c1d 4 MiB and a bit of text
      1 2c8e5030c042f0d5b1c85a78c1931e4f zeros, text and random bytes in turn
      6 c3c0db051f01bb981d27dee650051f96 zeros, text and random bytes in turn
      9 a37a66863e1512c3e4e2411516fcb8c5 zeros, text and random bytes in turn"
    `);
  });
});
