/** Huffman codes of literals (RFC 8878, 4.2): how they are written, and the table that they are decoded by. */
import type { BitReader } from './bit-reader.ts';
import { readFseTable } from './fse-table.ts';
import { malformed } from './zstd-refusal.ts';

export interface HuffmanTable {
  /** Bits of the longest code. */
  readonly maxBits: number;
  /** For each value of so many bits: the symbol above the lowest four bits, which are the length of its code. */
  readonly codes: Uint16Array;
}

interface Part {
  readonly start: number;
  readonly end: number;
}

/** 4.2.1: codes are at most 11 bits long. */
const longestCode = 11;
/** 4.2.1.2: weights are FSE of at most this accuracy. */
const weightLimits = { maxAccuracy: 6, maxSymbol: longestCode + 1 };

/** The table that is written from `part.start` on, and where it ends. Throws LayerError. */
export function readHuffmanTable(
  bytes: Uint8Array,
  part: Part,
  bits: BitReader,
): { readonly table: HuffmanTable; readonly end: number } {
  const header = bytes[part.start] ?? 0;
  const start = part.start + 1;
  const end = start + (header < 128 ? header : (header - 126) >> 1);
  if (part.start >= part.end || end > part.end) throw malformed('a Huffman table is cut off');
  const weights =
    header < 128 ? readWeights(bytes, { start, end }, bits) : nibbles(bytes, start, header - 127);
  return { table: huffmanTable(weights), end };
}

/** 4.2.1.1: two weights to a byte, the first above. */
function nibbles(bytes: Uint8Array, start: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const byte = bytes[start + (index >> 1)] ?? 0;
    return index % 2 === 0 ? byte >> 4 : byte & 15;
  });
}

/** 4.2.1.2: two states take turns, until the bits are used up; then the other state gives its symbol. */
function readWeights(bytes: Uint8Array, part: Part, bits: BitReader): number[] {
  const { table, end } = readFseTable(bytes, part, weightLimits);
  bits.open(end, part.end);
  const weights: number[] = [];
  let [state, other] = [bits.read(table.accuracy), bits.read(table.accuracy)];
  if (bits.left < 0) throw malformed('the weights of a Huffman table are cut off');
  for (;;) {
    weights.push(table.symbols[state] ?? 0);
    const next = (table.bases[state] ?? 0) + bits.read(table.bits[state] ?? 0);
    if (bits.left < 0) break;
    [state, other] = [other, next];
    if (weights.length > 254) throw malformed('a Huffman table has too many weights');
  }
  weights.push(table.symbols[other] ?? 0);
  return weights;
}

/** 4.2.1: the last symbol's weight is what is missing to a power of two. */
function huffmanTable(weights: readonly number[]): HuffmanTable {
  const sum = weights.reduce((all, weight) => all + sizeOf(weight), 0);
  const maxBits = 32 - Math.clz32(sum);
  const missing = (1 << maxBits) - sum;
  if (sum === 0 || maxBits > longestCode || (missing & (missing - 1)) !== 0) {
    throw malformed('the weights of a Huffman table do not add up');
  }
  const all = [...weights, 32 - Math.clz32(missing)];
  // A code has a sibling, so of the longest ones there are two at least.
  if (all.length > 256 || all.filter((weight) => weight === 1).length < 2) {
    throw malformed('the weights of a Huffman table make no code');
  }
  return { maxBits, codes: fillCodes(all, maxBits) };
}

/** How many values of `maxBits` bits begin with the code of a symbol. */
function sizeOf(weight: number): number {
  return weight === 0 ? 0 : 1 << (weight - 1);
}

/** 4.2.1.3: codes are given in the order of weights, and of symbols where those are equal. */
function fillCodes(weights: readonly number[], maxBits: number): Uint16Array {
  const codes = new Uint16Array(1 << maxBits);
  let at = 0;
  for (let weight = 1; weight <= maxBits; weight += 1) {
    weights.forEach((one, symbol) => {
      if (one !== weight) return;
      codes.fill((symbol << 4) | (maxBits + 1 - weight), at, (at += sizeOf(weight)));
    });
  }
  return codes;
}
