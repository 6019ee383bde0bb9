/** Reads xz out of memory, cut into chunks. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { createXzDecoder } from '../../../src/core/xz/xz-decoder.ts';

export const sums = { crc32, sha256: () => createHash('sha256') };

/** Each chunk comes in a buffer that is overwritten afterwards, as a careful source may give it. */
export function decoded(bytes: Uint8Array, { chunk = 65_536, limit = 2 ** 27 } = {}): Buffer {
  const decoder = createXzDecoder(limit, sums);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunk) {
    const own = Uint8Array.from(bytes.subarray(at, at + chunk));
    for (const piece of decoder.push(own)) parts.push(Buffer.from(piece));
    own.fill(0xee);
  }
  decoder.end();
  return Buffer.concat(parts);
}

/** The code that reading is refused with, `read` where it is not. */
export function refusalOf(bytes: Uint8Array, options: { chunk?: number; limit?: number } = {}): string {
  try {
    decoded(bytes, options);
    return 'read';
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    throw error;
  }
}
