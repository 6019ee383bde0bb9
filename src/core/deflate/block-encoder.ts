/**
 * The one interface of DEFLATE encoders (RFC 1951). Input is cut in fixed blocks of 1 MiB; each is encoded with the
 * 32 KiB before it as history and ended by a sync flush, so blocks can be encoded apart from one another and their
 * outputs joined. The bytes of a block depend on the block, its history and the level alone.
 */

/** Bytes of one block; only the last of a stream is shorter. */
export const blockBytes = 1024 * 1024;

/** Bytes before a block that its matches may reach back to: the window of DEFLATE (RFC 1951, 3.2.5). */
export const historyBytes = 32 * 1024;

export type DeflateLevel = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

export interface BlockEncoder {
  /**
   * DEFLATE blocks for `block` (1 to blockBytes), none of them final, ended by an empty stored block, so the output
   * ends at a byte (a sync flush). `history` is what stands before the block, at most historyBytes. The result stands in
   * `output`, which has room for storedBytes(block.length), or in an array of its own where there is none.
   */
  encode(block: Uint8Array, history: Uint8Array, output?: Uint8Array): Uint8Array;
}

export function isDeflateLevel(level: number): level is DeflateLevel {
  return Number.isInteger(level) && level >= 1 && level <= 9;
}

// RFC 1951, 3.2.4: the header of a stored block, which holds up to 65,535 bytes, aligned to a byte.
const storedHeaderBytes = 5;
const storedMaxBytes = 65_535;

/** What `length` bytes become as stored blocks and a sync flush, which is one more of them: no block becomes more. */
export function storedBytes(length: number): number {
  return length + storedHeaderBytes * (Math.ceil(length / storedMaxBytes) + 1);
}
