/**
 * Where compressed bytes are gathered until a header or a block is whole, and read from. There is room on both sides of
 * what is gathered, so that reads of bits (bit-reader.ts) may go a little too far.
 */
import { BitReader } from './bit-reader.ts';

export interface Scratch {
  readonly bytes: Uint8Array;
  readonly bits: BitReader;
}

/** Where gathered bytes begin. One sequence of a block takes 89 bits at most before it is looked whether they are there. */
export const scratchStart = 32;

/** Compressed blocks are no larger than what they decompress to, which is 128 KiB at most (RFC 8878, 3.1.1.2.4). */
export const maxBlockBytes = 128 * 1024;

export function createScratch(): Scratch {
  const bytes = new Uint8Array(scratchStart + maxBlockBytes + 8);
  return { bytes, bits: new BitReader(bytes) };
}
