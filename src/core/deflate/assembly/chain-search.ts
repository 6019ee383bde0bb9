/**
 * Finds matches by hash chains: for five bytes and more all earlier positions of the same hash, nearest first, for
 * fewer the last position of the same three. Chains of five bytes hold fewer positions than those of four would, and
 * longer matches; most matches of four are near, where the three find them. What bounds the time is the number of
 * candidates that are looked at, and that a match of `nice` bytes ends the search.
 */
import { headsStart, linksStart, maxMatchBytes, shortHeadsStart, windowBytes } from './memory-map';
import { matchLength } from './match-length';
import { packMatch } from './sequences';

/** 2^64 and 2^32 by the golden ratio, odd: the upper bits of a product mix all bits below. */
const golden: u64 = 0x9e3779b97f4a7c15;
const shortGolden: u32 = 0x9e3779b1;

/** A match of three bytes further away than this takes more bits than three literals. */
const shortMatchReach: u32 = 4096;

/** Byte offsets into the two tables of heads. */
// @ts-ignore: decorator
@inline
function headOf(word: u64): usize {
  return <usize>(((word << 24) * golden) >> 48) << 1;
}

// @ts-ignore: decorator
@inline
function shortHeadOf(word: u64): usize {
  return (((<u32>word << 8) * shortGolden) >> 17) << 1;
}

// @ts-ignore: decorator
@inline
function linkOf(position: usize): usize {
  return (position & (windowBytes - 1)) << 1;
}

/** Enters a position, at which the word stands, into all tables. */
// @ts-ignore: decorator
@inline
function enterPosition(position: usize, word: u64, base: usize): void {
  const head = headOf(word);
  const relative = <u32>(position - base);
  store<u16>(linkOf(position), load<u16>(head, headsStart), linksStart);
  store<u16>(head, relative, headsStart);
  store<u16>(shortHeadOf(word), relative, shortHeadsStart);
}

/** Enters `from` up to `to`. */
// @ts-ignore: decorator
@inline
export function enterPositions(from: usize, to: usize, base: usize): void {
  for (let at = from; at < to; at++) enterPosition(at, load<u64>(at), base);
}

/**
 * The longest match at a position that is longer than `best` bytes, or none; of equal ones the nearest. The position
 * is entered. At least four bytes of input stand at it.
 */
// @ts-ignore: decorator
@inline
export function findMatch(position: usize, end: usize, known: u32, depth: u32, nice: u32, base: usize): u32 {
  const word = load<u64>(position);
  const head = headOf(word);
  const shortHead = shortHeadOf(word);
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
      const different = load<u64>(position - distance) ^ word;
      if (<u32>different == 0) {
        best = lengthOfMatch(different, position, position - distance, limit);
        match = packMatch(best, distance);
        if (best >= enough) candidate = oldest;
      } else if (<u32>different << 8 == 0 && distance <= shortMatchReach) {
        match = packMatch(3, distance);
      }
    }
  }
  // A longer match must have the four bytes that end one byte beyond the best.
  let tail = load<u32>(position + best - 3);
  while (candidate > oldest) {
    const at = base + candidate;
    if (load<u32>(at + best - 3) == tail) {
      const different = load<u64>(at) ^ word;
      if (<u32>different == 0) {
        const length = lengthOfMatch(different, position, at, limit);
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

/** Of a match whose first eight bytes differ by `different`, if at all. */
// @ts-ignore: decorator
@inline
function lengthOfMatch(different: u64, a: usize, b: usize, limit: u32): u32 {
  return different == 0 ? matchLength(a, b, 8, limit) : min(<u32>(ctz(different) >> 3), limit);
}
