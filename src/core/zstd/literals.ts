/** The literals of a compressed block (RFC 8878, 3.1.1.3.1): raw, one byte repeated, or Huffman codes. */
import type { BitReader } from './bit-reader.ts';
import { type HuffmanTable, readHuffmanTable } from './huffman-table.ts';
import type { Scratch } from './scratch.ts';
import { malformed } from './zstd-refusal.ts';

export interface LiteralReader {
  /** Forgets the table: a frame begins. */
  reset(): void;
  /** Reads the section that begins at `start`; returns where it ends. The literals stand in `bytes`. Throws LayerError. */
  read(start: number, end: number): number;
  readonly bytes: Uint8Array;
  /** How many of them there are. */
  readonly count: number;
}

/** Literals never are more than a block, which is 128 KiB at most. */
const maxLiterals = 128 * 1024;

export function createLiteralReader(scratch: Scratch): LiteralReader {
  return new SectionReader(scratch);
}

interface Section {
  /** 3.1.1.3.1.1. */
  readonly type: 'raw' | 'repeated' | 'compressed' | 'treeless';
  readonly headerLength: number;
  readonly count: number;
  /** Bytes of the section behind its header, where Huffman codes are used. */
  readonly packed: number;
  readonly streams: 1 | 4;
}

class SectionReader implements LiteralReader {
  readonly bytes = new Uint8Array(maxLiterals);
  count = 0;
  readonly #scratch: Scratch;
  #table: HuffmanTable | undefined;

  constructor(scratch: Scratch) {
    this.#scratch = scratch;
  }

  reset(): void {
    this.#table = undefined;
  }

  read(start: number, end: number): number {
    const { bytes } = this.#scratch;
    const section = readHeader(bytes, start);
    const from = start + section.headerLength;
    if (section.count > maxLiterals) throw malformed('a block has too many literals');
    this.count = section.count;
    const to = from + lengthOf(section);
    if (to > end) throw malformed('the literals of a block are cut off');
    if (section.type === 'raw') this.bytes.set(bytes.subarray(from, to));
    else if (section.type === 'repeated') this.bytes.fill(bytes[from] ?? 0, 0, section.count);
    else this.#decode(section, from, to);
    return to;
  }

  #decode(section: Section, from: number, to: number): void {
    let start = from;
    if (section.type === 'compressed') {
      const read = readHuffmanTable(this.#scratch.bytes, { start: from, end: to }, this.#scratch.bits);
      this.#table = read.table;
      start = read.end;
    }
    if (this.#table === undefined) throw malformed('a block uses a Huffman table that is not there');
    if (section.streams === 1) this.#decodeStream({ start, end: to }, { from: 0, to: section.count });
    else this.#decodeFour(start, to);
  }

  /** 3.1.1.3.1.6: the lengths of the first three streams, then the streams; each has a quarter of the literals. */
  #decodeFour(start: number, end: number): void {
    const { bytes } = this.#scratch;
    const quarter = (this.count + 3) >> 2;
    let at = start + 6;
    for (let stream = 0; stream < 4; stream += 1) {
      const length = (bytes[start + stream * 2] ?? 0) | ((bytes[start + stream * 2 + 1] ?? 0) << 8);
      const next = stream === 3 ? end : at + length;
      const to = stream === 3 ? this.count : quarter * (stream + 1);
      if (next > end || at > end || to > this.count) {
        throw malformed('the streams of Huffman codes in a block do not fit');
      }
      this.#decodeStream({ start: at, end: next }, { from: quarter * stream, to });
      at = next;
    }
  }

  #decodeStream(
    part: { readonly start: number; readonly end: number },
    place: { readonly from: number; readonly to: number },
  ): void {
    const { bits } = this.#scratch;
    bits.open(part.start, part.end);
    if (this.#table !== undefined) decodeCodes(this.#table, bits, this.bytes.subarray(place.from, place.to));
    if (bits.left !== 0) throw malformed('a stream of Huffman codes has another length than its literals');
  }
}

/** Two codes at a time: two of the longest are 22 bits, which one peek gives. */
function decodeCodes({ codes, maxBits }: HuffmanTable, bits: BitReader, literals: Uint8Array): void {
  const mask = (1 << maxBits) - 1;
  const count = literals.length;
  let at = 0;
  for (; at + 1 < count; at += 2) {
    const word = bits.peek(maxBits * 2);
    const first = codes[(word >>> maxBits) & mask] ?? 0;
    const length = first & 15;
    const second = codes[(word >>> (maxBits - length)) & mask] ?? 0;
    bits.skip(length + (second & 15));
    literals[at] = first >> 4;
    literals[at + 1] = second >> 4;
    // Never further than the room before the part.
    if (bits.left < 0) return;
  }
  if (at === count) return;
  const last = codes[bits.peek(maxBits) & mask] ?? 0;
  bits.skip(last & 15);
  literals[at] = last >> 4;
}

function lengthOf(section: Section): number {
  if (section.type === 'raw') return section.count;
  return section.type === 'repeated' ? 1 : section.packed;
}

const types = ['raw', 'repeated', 'compressed', 'treeless'] as const;

/** 3.1.1.3.1.1: two bits of type, two of format, then sizes whose length the format says. */
function readHeader(bytes: Uint8Array, start: number): Section {
  const byte = (index: number): number => bytes[start + index] ?? 0;
  const type = types[(byte(0) & 3) as 0 | 1 | 2 | 3];
  const format = (byte(0) >> 2) & 3;
  const word = byte(0) | (byte(1) << 8) | (byte(2) << 16);
  if (type === 'raw' || type === 'repeated') {
    const [headerLength, count] =
      format === 1 ? [2, (word >> 4) & 0xfff] : format === 3 ? [3, word >> 4] : [1, byte(0) >> 3];
    return { type, headerLength, count, packed: 0, streams: 1 };
  }
  const streams = format === 0 ? 1 : 4;
  if (format < 2) {
    return { type, headerLength: 3, count: (word >> 4) & 0x3ff, packed: word >> 14, streams };
  }
  if (format === 2) {
    const packed = (word >> 18) | (byte(3) << 6);
    return { type, headerLength: 4, count: (word >> 4) & 0x3fff, packed, streams };
  }
  const packed = (word >> 22) | (byte(3) << 2) | (byte(4) << 10);
  return { type, headerLength: 5, count: ((word >> 4) | (byte(3) << 20)) & 0x3ffff, packed, streams };
}
