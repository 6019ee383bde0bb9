/** Counts of symbols, by chunk and by sub-block: what codes are made from and what splitting decides by. */
import {
  allSymbols,
  blockCountsStart,
  chunkCountsStart,
  lengthSymbolsStart,
  literalLanesStart,
  literalSymbols,
} from './memory-map';
import { lengthOf, symbolOf } from './sequences';
import { firstLengthSymbol } from './symbols';

const laneBytes: usize = 256 * 4;

/** One lane for each byte of a word: a byte that comes twice would else wait for its own store. */
const lane2: usize = literalLanesStart;
const lane3: usize = literalLanesStart + laneBytes;
const lane4: usize = literalLanesStart + 2 * laneBytes;

export function clearBlockCounts(): void {
  memory.fill(blockCountsStart, 0, allSymbols * 4);
}

export function addChunkToBlock(): void {
  for (let at: usize = 0; at < allSymbols * 4; at += 16) {
    const sum = i32x4.add(v128.load(at, blockCountsStart), v128.load(at, chunkCountsStart));
    v128.store(at, sum, blockCountsStart);
  }
}

/** Between this and sumLanes, a chunk is counted. */
export function clearChunkCounts(): void {
  memory.fill(chunkCountsStart, 0, allSymbols * 4);
  memory.fill(literalLanesStart, 0, 3 * laneBytes);
}

/** Counts the literals from `at` to `to`, none where it is not behind; gives where they end. */
// @ts-ignore: decorator
@inline
export function countBytes(at: usize, to: usize): usize {
  for (; at < to; at++) countByte(load<u8>(at));
  return at;
}

// @ts-ignore: decorator
@inline
export function countByte(byte: u32): void {
  add(byte, chunkCountsStart, 1);
}

/** The four bytes of a word. */
// @ts-ignore: decorator
@inline
export function countFour(word: u32): void {
  add(word & 255, chunkCountsStart, 1);
  add((word >> 8) & 255, lane2, 1);
  add((word >> 16) & 255, lane3, 1);
  add(word >> 24, lane4, 1);
}

/** The lower `few` bytes of a word, 0 to 3, without a branch on how many. */
// @ts-ignore: decorator
@inline
export function countFew(word: u32, few: u32): void {
  add(word & 255, chunkCountsStart, u32(few > 0));
  add((word >> 8) & 255, lane2, u32(few > 1));
  add((word >> 16) & 255, lane3, u32(few > 2));
}

/** The match of a sequence that has one. */
// @ts-ignore: decorator
@inline
export function countMatch(sequence: u64): void {
  add(<u32>firstLengthSymbol + <u32>load<u8>(lengthOf(sequence), lengthSymbolsStart), chunkCountsStart, 1);
  add(<u32>literalSymbols + symbolOf(sequence), chunkCountsStart, 1);
}

// @ts-ignore: decorator
@inline
function add(symbol: u32, counts: usize, times: u32): void {
  const at = counts + (<usize>symbol << 2);
  store<u32>(at, load<u32>(at) + times);
}

export function sumLanes(): void {
  for (let at: usize = 0; at < laneBytes; at += 16) {
    const two = i32x4.add(v128.load(at, chunkCountsStart), v128.load(at, lane2));
    const others = i32x4.add(v128.load(at, lane3), v128.load(at, lane4));
    v128.store(at, i32x4.add(two, others), chunkCountsStart);
  }
}
