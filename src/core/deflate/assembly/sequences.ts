/**
 * What a parser makes of the input, a row of u64: a run of literals, then a match. From the lowest bit on: the run's
 * length (16 bits), the match's length (16; 0 where only literals stand), its distance (16) and the distance's symbol
 * (16). Literals themselves stay in the input. No run crosses a chunk, so a run's length fits.
 */
import { sequencesStart } from './memory-map';
import { distanceSymbolOf } from './symbols';

let nextSequence: usize = sequencesStart;

// @ts-ignore: decorator
@inline
export function sequencePosition(): usize {
  return nextSequence;
}

// @ts-ignore: decorator
@inline
export function setSequencePosition(at: usize): void {
  nextSequence = at;
}

/** A match as parsers hand it about: its length above bit 16, its distance below; 0 is none. */
// @ts-ignore: decorator
@inline
export function packMatch(length: u32, distance: u32): u32 {
  return (length << 16) | distance;
}

// @ts-ignore: decorator
@inline
export function matchLengthOf(match: u32): u32 {
  return match >> 16;
}

// @ts-ignore: decorator
@inline
export function matchDistanceOf(match: u32): u32 {
  return match & 0xffff;
}

// @ts-ignore: decorator
@inline
export function packSequence(literals: usize, match: u32): u64 {
  const distance = matchDistanceOf(match);
  const symbol = <u64>distanceSymbolOf(distance);
  return <u64>literals | (<u64>matchLengthOf(match) << 16) | (<u64>distance << 32) | (symbol << 48);
}

// @ts-ignore: decorator
@inline
export function literalsOf(sequence: u64): u32 {
  return <u32>sequence & 0xffff;
}

// @ts-ignore: decorator
@inline
export function lengthOf(sequence: u64): u32 {
  return <u32>(sequence >> 16) & 0xffff;
}

// @ts-ignore: decorator
@inline
export function distanceOf(sequence: u64): u32 {
  return <u32>(sequence >> 32) & 0xffff;
}

// @ts-ignore: decorator
@inline
export function symbolOf(sequence: u64): u32 {
  return <u32>(sequence >> 48);
}

/** Ends a parse whose next sequence would stand at `at` and whose last `literals` bytes no sequence covers yet. */
export function endSequences(at: usize, literals: usize): void {
  if (literals > 0) {
    store<u64>(at, <u64>literals);
    at += 8;
  }
  setSequencePosition(at);
}
