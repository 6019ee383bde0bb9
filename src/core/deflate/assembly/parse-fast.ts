/**
 * The fast parser, greedy: four positions at a time are looked up, and the first of them whose hint holds begins a
 * match. All four are answered before the one branch, which the processor guesses well, since most matches follow the
 * one before within four bytes. Counts symbols as it goes.
 */
import { clearChunkCounts, countBytes, countFew, countFour, countMatch, sumLanes } from './histogram';
import { matchLengthFrom } from './match-length';
import { maxMatchBytes } from './memory-map';
import { enterRecent, exchangeRecent, firstPosition, hashedBytes, holds, reachAt } from './recent-positions';
import { endSequences, packMatch, packSequence, sequencePosition } from './sequences';

/** Of the four, the last one's word of eight bytes ends this far behind the first. */
const wordsBytes: usize = 3 + 8;

/** Parses from `from` to about `to`, of an input that ends at `end`, and counts; gives where it stopped. */
export function parseFast(from: usize, to: usize, end: usize): usize {
  clearChunkCounts();
  const first = firstPosition();
  const stop = min(to, end - wordsBytes + 1);
  let sequence = sequencePosition();
  let literals = from;
  let at = from;
  while (at < stop) {
    const word = load<u64>(at);
    const second = load<u64>(at + 1);
    const third = load<u64>(at + 2);
    const fourth = load<u64>(at + 3);
    const reach = reachAt(at, first);
    const distance = exchangeRecent(at, word);
    const distance2 = exchangeRecent(at + 1, second);
    const distance3 = exchangeRecent(at + 2, third);
    const distance4 = exchangeRecent(at + 3, fourth);
    const held =
      holds(at, word, distance, reach) |
      (holds(at + 1, second, distance2, reach) << 1) |
      (holds(at + 2, third, distance3, reach) << 2) |
      (holds(at + 3, fourth, distance4, reach) << 3);
    if (held == 0) {
      countFour(<u32>word);
      at = countBytes(at + 4, min(at + 4 + skipWithin(at - literals), end));
      continue;
    }
    const passed = ctz(held);
    countFew(<u32>word, passed);
    at += passed;
    const distances = <u64>(distance | (distance2 << 16)) | (<u64>(distance3 | (distance4 << 16)) << 32);
    const back = <u32>(distances >> (<u64>passed << 4)) & 0xffff;
    const length = matchLengthFrom(at, at - back, hashedBytes, <u32>min(maxMatchBytes, end - at));
    const found = packSequence(at - literals, packMatch(length, back));
    store<u64>(sequence, found);
    countMatch(found);
    sequence += 8;
    at += length;
    literals = at;
    // The bytes of a match are as often met again by its end as by its beginning, which is entered already.
    enterRecent(at - 3, load<u64>(at - 3));
    enterRecent(at - 2, load<u64>(at - 2));
    enterRecent(at - 1, load<u64>(at - 1));
  }
  const stopped = at >= end - wordsBytes + 1 ? countBytes(at, end) : at;
  endSequences(sequence, stopped - literals);
  sumLanes();
  return stopped;
}

/**
 * Where nothing was found for 128 bytes, every second four are looked at, after 256 every third, and so on, so that
 * what cannot be compressed is passed over quickly.
 */
// @ts-ignore: decorator
@inline
function skipWithin(literals: usize): usize {
  return (literals >> 7) << 2;
}
