/**
 * Writes bits to the output, each byte filled from its lowest bit on (RFC 1951, 3.1.1). Whole bytes are stored eight
 * at a time, whatever of them is filled, so a store may touch seven bytes that are not yet the output's. Fewer than 8
 * bits wait between calls.
 */
import { outputStart } from './memory-map';

let outputAt: usize = outputStart;
let waitingBits: u64 = 0;
let waitingCount: u64 = 0;

export function startOutput(): void {
  resumeOutput(outputStart, 0, 0);
}

/** Takes over from a loop that kept these in locals. */
// @ts-ignore: decorator
@inline
export function resumeOutput(at: usize, bits: u64, count: u64): void {
  outputAt = at;
  waitingBits = bits;
  waitingCount = count;
}

// @ts-ignore: decorator
@inline
export function outputPosition(): usize {
  return outputAt;
}

// @ts-ignore: decorator
@inline
export function waitingOutputBits(): u64 {
  return waitingBits;
}

// @ts-ignore: decorator
@inline
export function waitingOutputCount(): u64 {
  return waitingCount;
}

/** At most 32 bits, none set above them. */
export function writeBits(bits: u32, count: u32): void {
  const all = waitingBits | ((<u64>bits) << waitingCount);
  const number = waitingCount + <u64>count;
  store<u64>(outputAt, all);
  const whole = number >> 3;
  outputAt += <usize>whole;
  waitingBits = all >> (whole << 3);
  waitingCount = number & 7;
}

/** Zero bits up to the next byte. */
export function alignOutput(): void {
  if (waitingCount > 0) writeBits(0, 8 - <u32>waitingCount);
}

/** Copies bytes of the input to an output that stands at a byte. */
export function writeBytes(from: usize, length: usize): void {
  memory.copy(outputAt, from, length);
  outputAt += length;
}
