/**
 * Where bytes were seen before, for the lazy parser. Tables hold positions of 16 bits, relative to a base that moves along, so that they
 * stay small enough for the processor's second cache. When the base moves, every entry is made smaller with
 * saturation: -32768 means older than the window, or never seen.
 */
import {
  chunkBytes,
  chunkOverrunBytes,
  headsEnd,
  headsStart,
  linksEnd,
  linksStart,
  shortHeadsEnd,
  shortHeadsStart,
  windowBytes,
} from './memory-map';

/** i16. A position passes for a candidate if it is greater than its finder's position less 32768. */
const neverSeen: i16 = -32768;

/** How far past the base a chunk may begin so that its every position fits 15 bits. */
const baseReach: usize = windowBytes - 1 - chunkBytes - chunkOverrunBytes;

let base: usize = 0;

// @ts-ignore: decorator
@inline
export function tableBase(): usize {
  return base;
}

/** Forgets all; the first position will be `at`. */
export function clearChains(at: usize): void {
  base = at;
  forget(headsStart, headsEnd);
  forget(shortHeadsStart, shortHeadsEnd);
  forget(linksStart, linksEnd);
}

function forget(at: usize, end: usize): void {
  const never = i16x8.splat(neverSeen);
  for (; at < end; at += 32) {
    v128.store(at, never);
    v128.store(at, never, 16);
  }
}

/** Makes room for a chunk that begins at `at`. */
export function moveChains(at: usize): void {
  if (at - base <= baseReach) return;
  lower(headsStart, headsEnd, at - base);
  lower(shortHeadsStart, shortHeadsEnd, at - base);
  lower(linksStart, linksEnd, at - base);
  base = at;
}

function lower(at: usize, end: usize, by: usize): void {
  const amount = i16x8.splat(<i16>by);
  for (; at < end; at += 32) {
    v128.store(at, i16x8.sub_sat_s(v128.load(at), amount));
    v128.store(at, i16x8.sub_sat_s(v128.load(at, 16), amount), 16);
  }
}
