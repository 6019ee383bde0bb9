/** Reads zstd out of memory, cut into chunks. */
import { createZstdDecoder } from '../../../src/core/zstd/zstd-decoder.ts';

export const maxWindow = 128 * 1024 * 1024;

/** Each chunk comes in a buffer that is overwritten afterwards, as a careful source may give it. */
export function decoded(bytes: Uint8Array, { chunk = 65_536, limit = maxWindow } = {}): Buffer {
  const decoder = createZstdDecoder(limit);
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
