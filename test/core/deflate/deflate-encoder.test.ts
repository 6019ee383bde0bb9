/** The encoder of assembly/: what it gives can be read, is never large, depends on nothing else, and stays in its map. */
import { spawnSync } from 'node:child_process';
import { crc32, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  blockBytes,
  type DeflateLevel,
  historyBytes,
  storedBytes,
} from '../../../src/core/deflate/block-encoder.ts';
import { createDeflateEncoder, encodeWith } from '../../../src/core/deflate/deflate-encoder.ts';
import { type EncoderInstance, instantiateEncoder } from '../../../src/core/deflate/encoder-instance.ts';
import { gzipHeader, gzipTrailer } from '../../../src/core/deflate/gzip-member.ts';
import { anyBytes } from './any-bytes.ts';
import { hardInputs } from './hard-inputs.ts';
import { randomBytes, sampleInputs, textBytes } from './sample-inputs.ts';

const levels: readonly DeflateLevel[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const nothing: Uint8Array = new Uint8Array(0);

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

function inflated(encoded: Uint8Array, history: Uint8Array = nothing): Buffer {
  const ended = Buffer.concat([encoded, Buffer.of(0x03, 0x00)]);
  return inflateRawSync(ended, history.length > 0 ? { dictionary: history } : {});
}

describe.each(Object.entries(hardInputs))('%s', (_name, block) => {
  const history = block.subarray(-historyBytes);

  it('comes back through node:zlib, with and without history, at every level', () => {
    for (const level of levels) {
      const encoder = createDeflateEncoder(level);
      expect(same(inflated(encoder.encode(block, nothing)), block)).toBe(true);
      expect(same(inflated(encoder.encode(block, history), history), block)).toBe(true);
    }
  });

  it('comes back through GNU gzip at levels 1, 6 and 9', () => {
    for (const level of [1, 6, 9] as const) {
      const encoded = createDeflateEncoder(level).encode(block, nothing);
      const trailer = gzipTrailer({ crc: crc32(block), size: block.length });
      const member = Buffer.concat([gzipHeader, encoded, trailer]);
      const { status, stdout } = spawnSync('gzip', ['-dc'], { input: member, maxBuffer: 2 ** 24 });
      expect(status).toBe(0);
      expect(same(stdout, block)).toBe(true);
    }
  });

  it('becomes no larger than stored blocks would be', () => {
    for (const level of levels) {
      expect(createDeflateEncoder(level).encode(block, nothing).length).toBeLessThanOrEqual(
        storedBytes(block.length),
      );
    }
  });
});

test('no bytes, wherever they are cut, become more than stored blocks or come back otherwise', () => {
  const hard = Object.values(hardInputs);
  const piece = fc
    .tuple(fc.nat(hard.length - 1), fc.nat(blockBytes), fc.nat(70_000))
    .map(([input, start, length]) => hard[input]?.subarray(start, start + length) ?? nothing);
  const block = fc.array(fc.oneof(piece, anyBytes), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(block, piece, fc.constantFrom(...levels), (pieces, before, level) => {
      const bytes = Buffer.concat([...pieces, Buffer.of(0)]).subarray(0, blockBytes);
      const history = before.subarray(-historyBytes);
      const encoded = createDeflateEncoder(level).encode(bytes, history);
      expect(encoded.length).toBeLessThanOrEqual(storedBytes(bytes.length));
      expect(same(inflated(encoded, history), bytes)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

describe('the bytes of a block', () => {
  const inputs = [...Object.values(hardInputs), ...Object.values(sampleInputs)]
    .map((input) => input.subarray(0, blockBytes))
    .filter(({ length }) => length > 0);

  it('are the same from a new instance, in another order, and after other levels and histories', () => {
    const used = instantiateEncoder();
    const order = inputs.toReversed();
    for (const level of [1, 2, 6] as const) {
      for (const block of order) {
        encodeWith(used, { level: 9, block: block.subarray(0, 5000), history: randomBytes(historyBytes) });
        const again = encodeWith(used, { level, block, history: nothing });
        expect(same(again, encodeWith(instantiateEncoder(), { level, block, history: nothing }))).toBe(true);
      }
    }
  });

  it('do not depend on what stands in unused memory', () => {
    for (const level of [1, 6] as const) {
      for (const block of inputs) {
        const dirty = instantiateEncoder();
        fillInput(dirty);
        const input = { level, block, history: block.subarray(0, 3) };
        expect(same(encodeWith(dirty, input), encodeWith(instantiateEncoder(), input))).toBe(true);
      }
    }
  });

  it('are the same from shared memory', () => {
    const block = textBytes(100_000);
    const shared = new Uint8Array(new SharedArrayBuffer(block.length));
    shared.set(block);
    const encoder = createDeflateEncoder(6);
    const encoded = encoder.encode(shared.subarray(50_000), shared.subarray(20_000, 50_000));
    expect(same(encoded, encoder.encode(block.subarray(50_000), block.subarray(20_000, 50_000)))).toBe(true);
  });

  it('are the caller`s own', () => {
    const encoder = createDeflateEncoder(6);
    const first = encoder.encode(textBytes(50_000), nothing);
    const copy = Uint8Array.from(first);
    encoder.encode(randomBytes(blockBytes), nothing);
    expect(same(first, copy)).toBe(true);
    expect(first.buffer.byteLength).toBe(first.length);
  });

  it('get fewer with the level, on text', () => {
    const text = sampleInputs['1 MiB - 1 of text'] ?? nothing;
    const sizes = levels.map((level) => createDeflateEncoder(level).encode(text, nothing).length);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  });
});

test('a block of no bytes or too many is refused', () => {
  const encoder = createDeflateEncoder(6);
  expect(() => encoder.encode(nothing, nothing)).toThrow('Bug: the encoder was given 0 bytes after 0');
  expect(() => encoder.encode(new Uint8Array(blockBytes + 1), nothing)).toThrow('Bug: the encoder was given');
  expect(() => encoder.encode(new Uint8Array(1), new Uint8Array(historyBytes + 1))).toThrow(
    'Bug: the encoder was given 1 bytes after 32769',
  );
});

const pattern = 0xa5;

/** What earlier calls could have left where the input goes. */
function fillInput({ memory, map }: EncoderInstance): void {
  memory.fill(pattern, map['inputStart'], map['inputEnd']);
}

describe('the memory map', () => {
  const { map, memory } = instantiateEncoder();
  const regions = Object.keys(map)
    .filter((name) => name.endsWith('Start'))
    .map((name) => ({ name, start: map[name] ?? NaN, end: map[name.replace(/Start$/, 'End')] ?? NaN }))
    .sort((a, b) => a.start - b.start);
  const gaps = [...regions, { name: 'the end', start: memory.length, end: NaN }].map((region, index) => ({
    before: region.name,
    start: regions[index - 1]?.end ?? 0,
    end: region.start,
  }));

  it('has regions with gaps between them, within a memory of exactly the pages that it needs', () => {
    expect(regions.length).toBeGreaterThan(25);
    for (const { start, end } of regions) expect(start).toBeLessThan(end);
    for (const { start, end } of gaps) expect(end - start).toBeGreaterThanOrEqual(256);
    expect(memory.length).toBe(Math.ceil((map['mapEnd'] ?? NaN) / 65_536) * 65_536);
  });

  it('has the sizes of the geometry', () => {
    expect(map).toMatchObject({ windowBytes: historyBytes, maxBlockBytes: blockBytes });
  });

  it.each(levels)(
    'is kept to at level %i: no store falls between its regions, by any hard input',
    (level) => {
      const guarded = instantiateEncoder();
      for (const { start, end } of gaps) guarded.memory.fill(pattern, start, end);
      for (const block of [...Object.values(hardInputs), Uint8Array.of(1), textBytes(2), textBytes(31)]) {
        const history = block.subarray(-historyBytes);
        const input = { level, block, history };
        expect(same(encodeWith(guarded, input), encodeWith(instantiateEncoder(), input))).toBe(true);
      }
      for (const { before, start, end } of gaps) {
        const kept = guarded.memory.subarray(start, end).every((byte) => byte === pattern);
        expect(kept, `the gap before ${before}`).toBe(true);
      }
    },
  );
});
