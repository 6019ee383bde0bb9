/**
 * One block of bzip2, from its bits to the bytes as they were sorted: prefix codes in groups of fifty, runs of the front
 * symbol as numbers of base two, and move-to-front.
 */
import type { BitSource } from './bit-source.ts';
import { malformed, randomised } from './bzip2-refusal.ts';
import { type PrefixCode, readPrefixCode, readSymbol } from './prefix-code.ts';

/** A block has 900,000 bytes at most; each is a symbol of at most 20 bits, with tables before them. */
export const maxCompressedBytes = 2_400_000;

export interface SortedBlock {
  /** Of the content, as the block gives it. */
  readonly checksum: number;
  /** Which of the sorted rotations is the content. */
  readonly origin: number;
  readonly length: number;
}

const groupLength = 50;

/** Reads a block from behind its magic number on; the sorted bytes come into `sorted`. Throws LayerError. */
export function readBlock(bits: BitSource, sorted: Uint32Array, maxLength: number): SortedBlock {
  const checksum = bits.read(16) * 0x10000 + bits.read(16);
  if (bits.read(1) === 1) throw randomised();
  const origin = bits.read(24);
  const used = readUsedBytes(bits);
  const symbolCount = used.length + 2;
  const codeCount = bits.read(3);
  if (codeCount < 2 || codeCount > 6) throw malformed('a block has no such number of codes');
  const selectors = readSelectors(bits, codeCount);
  const codes = Array.from({ length: codeCount }, () => readPrefixCode(bits, symbolCount));
  const length = readSorted({ bits, codes, selectors, front: used }, sorted, maxLength);
  if (origin >= length) throw malformed('a block begins where it has no byte');
  return { checksum, origin, length };
}

/** Two levels of bits: which sixteenths of all bytes occur, and which bytes of those. */
function readUsedBytes(bits: BitSource): Uint8Array {
  const sixteenths = bits.read(16);
  const used: number[] = [];
  for (let high = 0; high < 16; high += 1) {
    if (((sixteenths >> (15 - high)) & 1) === 0) continue;
    const which = bits.read(16);
    for (let low = 0; low < 16; low += 1) {
      if (((which >> (15 - low)) & 1) === 1) used.push(high * 16 + low);
    }
  }
  if (used.length === 0) throw malformed('a block has no bytes');
  return Uint8Array.from(used);
}

/** Which code each group has, moved to the front. */
function readSelectors(bits: BitSource, codeCount: number): Uint8Array {
  const count = bits.read(15);
  if (count === 0) throw malformed('a block has no groups');
  const selectors = new Uint8Array(count);
  const front = Uint8Array.from({ length: codeCount }, (_, code) => code);
  for (let at = 0; at < count; at += 1) {
    let place = 0;
    while (bits.read(1) === 1) {
      place += 1;
      if (place >= codeCount) throw malformed('a group has a code that there is not');
    }
    selectors[at] = moveToFront(front, place);
  }
  return selectors;
}

function moveToFront(front: Uint8Array, place: number): number {
  const value = front[place] ?? 0;
  for (let at = place; at > 0; at -= 1) front[at] = front[at - 1] ?? 0;
  front[0] = value;
  return value;
}

interface Symbols {
  readonly bits: BitSource;
  readonly codes: readonly PrefixCode[];
  readonly selectors: Uint8Array;
  /** The bytes that occur, the last used first. */
  readonly front: Uint8Array;
}

function readSorted({ bits, codes, selectors, front }: Symbols, sorted: Uint32Array, max: number): number {
  const endOfBlock = front.length + 1;
  let length = 0;
  let run = 0;
  let place = 1;
  for (let group = 0; ; group += 1) {
    const code = codes[selectors[group] ?? codes.length];
    if (code === undefined) throw malformed('a block has more symbols than its groups');
    for (let left = groupLength; left > 0; left -= 1) {
      const symbol = readSymbol(bits, code);
      if (symbol <= 1) {
        run += place << symbol;
        place <<= 1;
        if (run > max) throw tooLong();
        continue;
      }
      if (run > 0) {
        if (length + run > max) throw tooLong();
        sorted.fill(front[0] ?? 0, length, length + run);
        length += run;
        run = 0;
        place = 1;
      }
      if (symbol === endOfBlock) return length;
      if (length >= max) throw tooLong();
      sorted[length] = moveToFront(front, symbol - 1);
      length += 1;
    }
  }
}

function tooLong(): Error {
  return malformed('a block has more bytes than its stream allows');
}
