/** Counts of symbols, by chunk and by sub-block: what codes are made from and what splitting decides by. */
import {
  allSymbols,
  blockCountsStart,
  chunkCountsStart,
  lengthSymbolsStart,
  literalLanesStart,
  literalSymbols,
} from './memory-map';
import { lengthOf, literalsOf, symbolOf } from './sequences';
import { firstLengthSymbol } from './symbols';

const laneBytes: usize = 256 * 4;

export function clearBlockCounts(): void {
  memory.fill(blockCountsStart, 0, allSymbols * 4);
}

export function addChunkToBlock(): void {
  for (let at: usize = 0; at < allSymbols * 4; at += 16) {
    const sum = i32x4.add(v128.load(at, blockCountsStart), v128.load(at, chunkCountsStart));
    v128.store(at, sum, blockCountsStart);
  }
}

/** Counts sequences from `at` to `end`, whose first literal stands at `input`. */
export function countChunk(at: usize, end: usize, input: usize): void {
  memory.fill(chunkCountsStart, 0, allSymbols * 4);
  memory.fill(literalLanesStart, 0, 3 * laneBytes);
  for (; at < end; at += 8) {
    const sequence = load<u64>(at);
    let literals = literalsOf(sequence);
    for (; literals >= 4; literals -= 4) {
      countFour(load<u32>(input));
      input += 4;
    }
    for (; literals > 0; literals--) {
      count(<usize>load<u8>(input));
      input++;
    }
    const length = lengthOf(sequence);
    if (length == 0) continue;
    count(firstLengthSymbol + <usize>load<u8>(length, lengthSymbolsStart));
    count(literalSymbols + <usize>symbolOf(sequence));
    input += length;
  }
  addLanes();
}

// @ts-ignore: decorator
@inline
function count(symbol: usize): void {
  const at = symbol << 2;
  store<u32>(at, load<u32>(at, chunkCountsStart) + 1, chunkCountsStart);
}

/** One lane for each byte of the word: a byte that comes twice would else wait for its own store. */
// @ts-ignore: decorator
@inline
function countFour(word: u32): void {
  const first = (word & 255) << 2;
  const second = ((word >> 8) & 255) << 2;
  const third = ((word >> 16) & 255) << 2;
  const fourth = (word >> 24) << 2;
  store<u32>(first, load<u32>(first, chunkCountsStart) + 1, chunkCountsStart);
  store<u32>(second, load<u32>(second, literalLanesStart) + 1, literalLanesStart);
  store<u32>(third, load<u32>(third, literalLanesStart + laneBytes) + 1, literalLanesStart + laneBytes);
  store<u32>(
    fourth,
    load<u32>(fourth, literalLanesStart + 2 * laneBytes) + 1,
    literalLanesStart + 2 * laneBytes,
  );
}

function addLanes(): void {
  for (let at: usize = 0; at < laneBytes; at += 16) {
    const first = i32x4.add(v128.load(at, chunkCountsStart), v128.load(at, literalLanesStart));
    const second = v128.load(at, literalLanesStart + laneBytes);
    const third = v128.load(at, literalLanesStart + 2 * laneBytes);
    v128.store(at, i32x4.add(first, i32x4.add(second, third)), chunkCountsStart);
  }
}
