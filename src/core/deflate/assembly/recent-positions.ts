/**
 * For the fast parser: where each hash of six bytes was last seen. An entry is the lower half of a position, and no
 * more than a hint: one that has grown old names some other byte of the window, so whoever takes it compares bytes.
 * That is why nothing has to be lowered or marked as never seen.
 */
import { recentEnd, recentHashBits, recentStart, windowBytes } from './memory-map';

/** Shorter matches far away cost about as much as their literals, and each match costs time. */
export const hashedBytes: u32 = 6;

/** 2^64 by the golden ratio, odd. */
const golden: u64 = 0x9e3779b97f4a7c15;

/** Bits of a word that lie above the bytes that are hashed. */
const unhashedBits: u64 = 64 - 8 * hashedBytes;

let first: usize = 0;

/** Forgets all: every entry names `at`, where history or block begins. */
export function clearRecent(at: usize): void {
  first = at;
  const all = i16x8.splat(<i16>at);
  for (let entry = recentStart; entry < recentEnd; entry += 32) {
    v128.store(entry, all);
    v128.store(entry, all, 16);
  }
}

/** How far back a match at this position may reach. */
// @ts-ignore: decorator
@inline
export function reachAt(position: usize, start: usize): u32 {
  return <u32>min(windowBytes, position - start);
}

/** The first position that a match may reach. */
// @ts-ignore: decorator
@inline
export function firstPosition(): usize {
  return first;
}

/** Byte offset of the entry for a word's lower six bytes. */
// @ts-ignore: decorator
@inline
function entryOf(word: u64): usize {
  return <usize>(((word << unhashedBits) * golden) >> (64 - recentHashBits)) << 1;
}

/** Enters a position with the eight bytes that stand there. */
// @ts-ignore: decorator
@inline
export function enterRecent(position: usize, word: u64): void {
  store<u16>(entryOf(word), position, recentStart);
}

/** The same, and gives how far back the hint is that stood there: 0 to 65535. */
// @ts-ignore: decorator
@inline
export function exchangeRecent(position: usize, word: u64): u32 {
  const entry = entryOf(word);
  const distance = (<u32>position - <u32>load<u16>(entry, recentStart)) & 0xffff;
  store<u16>(entry, position, recentStart);
  return distance;
}

/** Whether a hint holds: 1 or 0, so that four can be asked at once without a branch. */
// @ts-ignore: decorator
@inline
export function holds(position: usize, word: u64, distance: u32, reach: u32): u32 {
  const same = (load<u64>(position - distance) ^ word) << unhashedBits == 0;
  return u32(same) & u32(distance - 1 < reach);
}

/** Enters every second position from `from` up to `to`: of a history, half is enough. */
export function enterHistoryRecent(from: usize, to: usize): void {
  for (let at = from; at < to; at += 2) enterRecent(at, load<u64>(at));
}
