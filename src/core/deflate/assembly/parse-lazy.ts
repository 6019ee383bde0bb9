/**
 * Lazy parsing (RFC 1951, 4): before a match is taken, the next byte is asked for a better one, and where it has one,
 * the first byte goes as a literal.
 */
import { enterPositions, findMatch } from './chain-search';
import { niceLength, nextSearchDepth, searchDepth } from './effort';
import { clearChunkCounts, countByte, countBytes, countMatch, sumLanes } from './histogram';
import { leastLength } from './least-length';
import { tableBase } from './match-table';
import { endSequences, matchDistanceOf, matchLengthOf, packSequence, sequencePosition } from './sequences';

/** Parses from `from` to about `to`, of an input that ends at `end`, and counts; gives where it stopped. */
export function parseLazy(from: usize, to: usize, end: usize): usize {
  clearChunkCounts();
  const base = tableBase();
  const depth = searchDepth();
  const nextDepth = nextSearchDepth();
  const nice = niceLength();
  // Hashes take four bytes, so the last three begin no match.
  const lastStart = end - 3;
  const stop = min(to, lastStart);
  const least = leastLength(from, stop);
  let sequence = sequencePosition();
  let literals = from;
  let at = from;
  while (at < stop) {
    let match = findMatch(at, end, least - 1, depth, nice, base);
    if (match == 0) {
      at = countBytes(at, min(at + stepWithin(at - literals), end));
      continue;
    }
    let start = at;
    at++;
    while (nextDepth > 0 && matchLengthOf(match) < nice && at < lastStart) {
      const next = findMatch(at, end, max<u32>(3, matchLengthOf(match) - 1), nextDepth, nice, base);
      at++;
      if (next == 0 || !isBetter(next, match)) break;
      countByte(load<u8>(start));
      match = next;
      start = at - 1;
    }
    const found = packSequence(start - literals, match);
    store<u64>(sequence, found);
    countMatch(found);
    sequence += 8;
    literals = start + matchLengthOf(match);
    enterPositions(at, min(literals, lastStart), base);
    at = literals;
  }
  // The last three bytes begin no match.
  const stopped = at >= lastStart ? countBytes(at, end) : at;
  endSequences(sequence, stopped - literals);
  sumLanes();
  return stopped;
}

/** As in the fast parser, but later: a match that is passed over is worth more time here. */
// @ts-ignore: decorator
@inline
function stepWithin(literals: usize): usize {
  return 1 + (literals >> 8);
}

/**
 * Whether a match one byte later is worth the literal. A byte is counted as four bits, a distance by the logarithm
 * that its extra bits grow with, the literal as two bits more than the bits of a byte that it saves.
 */
// @ts-ignore: decorator
@inline
function isBetter(next: u32, match: u32): bool {
  return scoreOf(next) > scoreOf(match) + 2;
}

// @ts-ignore: decorator
@inline
function scoreOf(match: u32): i32 {
  return <i32>(matchLengthOf(match) << 2) + <i32>clz(matchDistanceOf(match));
}
