/**
 * BlockEncoder by fflate, until our own encoder stands. fflate's own sync flush is not used: in 0.8.3 it forgets the
 * final bit of its header, which breaks the stream for one bit position in eight. Instead the stream is ended by an
 * empty final block, whose place at the end is known, and that block is turned into a sync flush.
 */
import { Deflate } from 'fflate';
import { Bug } from '../diagnostic/bug.ts';
import type { BlockEncoder, DeflateLevel } from './block-encoder.ts';

/** The version is pinned in package.json and a test holds the two equal. */
export const encoderIdentity = 'fflate-0.8.3';

export function createFflateEncoder(level: DeflateLevel): BlockEncoder {
  return {
    identity: encoderIdentity,
    encode: (block, history) => {
      // A new stream for each block: what fflate keeps between pushes would let one block's bytes depend on another's.
      const options = history.length === 0 ? { level } : { level, dictionary: history };
      const parts: Uint8Array[] = [];
      const stream = new Deflate(options, (part) => parts.push(part));
      stream.push(block, false);
      stream.flush();
      stream.push(new Uint8Array(0), true);
      return endBySyncFlush(join(parts));
    },
  };
}

/** Room for what a sync flush takes behind the last whole byte of the blocks before it. */
const flushBytes = 6;

function join(parts: readonly Uint8Array[]): { bytes: Uint8Array; length: number } {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(length + flushBytes);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes, length };
}

/**
 * An empty final block with fixed codes is the bits 1, 1, 0 and seven zeros (RFC 1951, 3.2.3 and 3.2.6), so the last
 * set bit of the stream is its second. From its first bit on an empty stored block takes its place: the bits 0, 0, 0,
 * zeros to the end of the byte, then LEN 0 and NLEN 65535 (3.2.4).
 */
function endBySyncFlush({ bytes, length }: { bytes: Uint8Array; length: number }): Uint8Array {
  const last = lastSetBit(bytes, length);
  const start = last - 1;
  const trailing = length * 8 - last - 1;
  if (start < 0 || trailing < 8 || trailing > 15 || !isSet(bytes, start)) {
    throw new Bug('fflate did not end its stream by an empty block with fixed codes');
  }
  clearBit(bytes, start);
  clearBit(bytes, last);
  const stored = Math.ceil((start + 3) / 8);
  bytes.set([0, 0, 0xff, 0xff], stored);
  return bytes.subarray(0, stored + 4);
}

/** Bits count from the lowest of each byte (RFC 1951, 3.1.1). */
function lastSetBit(bytes: Uint8Array, length: number): number {
  let at = length - 1;
  while (at > 0 && bytes[at] === 0) at -= 1;
  return at * 8 + 31 - Math.clz32(bytes[at] ?? 0);
}

function isSet(bytes: Uint8Array, bit: number): boolean {
  return (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1;
}

function clearBit(bytes: Uint8Array, bit: number): void {
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) & ~(1 << (bit & 7));
}
