/**
 * Finds matches by hash chains: for four bytes and more all earlier positions of the same hash, nearest first, for
 * three bytes the last one alone. What bounds the time is the number of candidates that are looked at, and that a
 * match of `nice` bytes ends the search.
 */
import { headsStart, linksStart, maxMatchBytes, shortHeadsStart, windowBytes } from './memory-map';
import { matchLength } from './match-length';
import { packMatch } from './sequences';

/** 2^32 by the golden ratio: its upper bits mix all bits below. */
const golden: u32 = 0x9e3779b1;

/** A match of three bytes further away than this takes more bits than three literals. */
const shortMatchReach: u32 = 4096;

/** Byte offsets into the two tables of heads. */
// @ts-ignore: decorator
@inline
function headOf(four: u32): usize {
  return ((four * golden) >> 16) << 1;
}

// @ts-ignore: decorator
@inline
function shortHeadOf(four: u32): usize {
  return (((four << 8) * golden) >> 17) << 1;
}

// @ts-ignore: decorator
@inline
function linkOf(position: usize): usize {
  return (position & (windowBytes - 1)) << 1;
}

/** Enters a position, whose first four bytes are given, into all tables. */
// @ts-ignore: decorator
@inline
export function enterPosition(position: usize, four: u32, base: usize): void {
  const head = headOf(four);
  const relative = <u32>(position - base);
  store<u16>(linkOf(position), load<u16>(head, headsStart), linksStart);
  store<u16>(head, relative, headsStart);
  store<u16>(shortHeadOf(four), relative, shortHeadsStart);
}

/** Enters `from` up to `to`, four with each load. */
// @ts-ignore: decorator
@inline
export function enterPositions(from: usize, to: usize, base: usize): void {
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const bytes = load<u64>(at);
    enterPosition(at, <u32>bytes, base);
    enterPosition(at + 1, <u32>(bytes >> 8), base);
    enterPosition(at + 2, <u32>(bytes >> 16), base);
    enterPosition(at + 3, <u32>(bytes >> 24), base);
  }
  for (; at < to; at++) enterPosition(at, load<u32>(at), base);
}

/**
 * The longest match at a position that is longer than `best` bytes, or none; of equal ones the nearest. The position
 * is entered. At least four bytes of input stand at it.
 */
// @ts-ignore: decorator
@inline
export function findMatch(position: usize, end: usize, known: u32, depth: u32, nice: u32, base: usize): u32 {
  const bytes = load<u64>(position);
  const four = <u32>bytes;
  const head = headOf(four);
  const shortHead = shortHeadOf(four);
  const relative = <i32>(position - base);
  const oldest = relative - <i32>windowBytes;
  let candidate = <i32>load<i16>(head, headsStart);
  const shortCandidate = <i32>load<i16>(shortHead, shortHeadsStart);
  store<u16>(linkOf(position), candidate, linksStart);
  store<u16>(head, relative, headsStart);
  store<u16>(shortHead, relative, shortHeadsStart);

  const limit = <u32>min(maxMatchBytes, end - position);
  const enough = min(nice, limit);
  let best = known;
  let match: u32 = 0;
  if (best < 3) {
    best = 3;
    if (shortCandidate > oldest) {
      const distance = <u32>(relative - shortCandidate);
      const same = (load<u32>(position - distance) ^ four) << 8 == 0;
      if (same && distance <= shortMatchReach) match = packMatch(3, distance);
    }
  }
  // A longer match must have the four bytes that end one byte beyond the best.
  let tail = load<u32>(position + best - 3);
  while (candidate > oldest) {
    const at = base + candidate;
    if (load<u32>(at + best - 3) == tail) {
      const different = load<u64>(at) ^ bytes;
      if (<u32>different == 0) {
        const length =
          different == 0 ? matchLength(position, at, 8, limit) : min(<u32>(ctz(different) >> 3), limit);
        if (length > best) {
          best = length;
          match = packMatch(length, <u32>(relative - candidate));
          if (length >= enough) break;
          tail = load<u32>(position + length - 3);
        }
      }
    }
    if (--depth == 0) break;
    candidate = <i32>load<i16>(linkOf(at), linksStart);
  }
  return match;
}
