/**
 * The fast parser: each hash of four bytes leads to its last two positions, and the longer match is taken as it is,
 * with no look at the next byte. Half a word a position, so a bucket is one load.
 */
import { niceLength } from './effort';
import { matchLength } from './match-length';
import { tableBase } from './match-table';
import { bucketsStart, maxMatchBytes, windowBytes } from './memory-map';
import { endParse, packMatch, sequencePosition, storeSequence } from './sequences';

const golden: u32 = 0x9e3779b1;

// @ts-ignore: decorator
@inline
function bucketOf(four: u32): usize {
  return ((four * golden) >> 17) << 2;
}

/** The newer position is in the lower half. */
// @ts-ignore: decorator
@inline
function enter(relative: u32, four: u32): void {
  const bucket = bucketOf(four);
  store<u32>(bucket, (load<u32>(bucket, bucketsStart) << 16) | (relative & 0xffff), bucketsStart);
}

/**
 * Enters every second position from `from` up to `to`: of what a match or the history covers, half is enough to find it
 * again a byte later, and takes half the time.
 */
// @ts-ignore: decorator
@inline
export function enterBuckets(from: usize, to: usize, base: usize): void {
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const bytes = load<u64>(at);
    const relative = <u32>(at - base);
    enter(relative, <u32>bytes);
    enter(relative + 2, <u32>(bytes >> 16));
  }
  for (; at < to; at += 2) enter(<u32>(at - base), load<u32>(at));
}

/** Parses from `from` to about `to`, of an input that ends at `end`; gives where it stopped. */
export function parseFast(from: usize, to: usize, end: usize): usize {
  const base = tableBase();
  const nice = niceLength();
  // Hashes take four bytes, so the last three begin no match.
  const lastStart = end - 3;
  const stop = min(to, lastStart);
  let sequence = sequencePosition();
  let literals = from;
  let at = from;
  let ahead = load<u64>(at);
  let bucket = bucketOf(<u32>ahead);
  while (at < stop) {
    const found = load<u32>(bucket, bucketsStart);
    const relative = <i32>(at - base);
    const oldest = relative - <i32>windowBytes;
    store<u32>(bucket, (found << 16) | (<u32>relative & 0xffff), bucketsStart);
    const bytes = ahead;
    const step = stepWithin(at - literals);
    // The next position's bucket is on its way while this one's candidates are looked at.
    ahead = load<u64>(at + step);
    bucket = bucketOf(<u32>ahead);
    const newer = <i32>(<i16>found);
    const older = <i32>found >> 16;
    if (newer <= oldest) {
      at += step;
      continue;
    }
    const limit = <u32>min(maxMatchBytes, end - at);
    let distance = <u32>(relative - newer);
    let length = lengthAt(at, distance, bytes, limit);
    if (older > oldest && length < nice) {
      const otherLength = lengthAt(at, <u32>(relative - older), bytes, limit);
      if (otherLength > length) {
        length = otherLength;
        distance = <u32>(relative - older);
      }
    }
    if (length == 0) {
      at += step;
      continue;
    }
    storeSequence(sequence, at - literals, packMatch(length, distance));
    sequence += 8;
    literals = at + length;
    enterBuckets(at + 1, min(literals, lastStart), base);
    at = literals;
    ahead = load<u64>(at);
    bucket = bucketOf(<u32>ahead);
  }
  return endParse(sequence, at, literals, end);
}

/**
 * Where nothing was found for 128 bytes, every second position is looked at, after 256 every third, and so on, so that
 * what cannot be compressed is passed over quickly.
 */
// @ts-ignore: decorator
@inline
function stepWithin(literals: usize): usize {
  return 1 + (literals >> 7);
}

/** 0 where fewer than four bytes are equal. */
// @ts-ignore: decorator
@inline
function lengthAt(at: usize, distance: u32, bytes: u64, limit: u32): u32 {
  const different = load<u64>(at - distance) ^ bytes;
  if (<u32>different != 0) return 0;
  if (different != 0) return min(<u32>(ctz(different) >> 3), limit);
  return matchLength(at, at - distance, 8, limit);
}
