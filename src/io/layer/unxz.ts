/** Decompresses xz by our own decoder, with the sums that Node has natively. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { TarLimits } from '../../core/tar/tar-entry.ts';
import { createXzDecoder } from '../../core/xz/xz-decoder.ts';
import { decodedPieces } from './decoded-pieces.ts';

/** As decodedPieces says. */
export function unxz(
  chunks: AsyncIterable<Uint8Array>,
  { maxRatio, maxWindowBytes }: Pick<TarLimits, 'maxRatio' | 'maxWindowBytes'>,
): AsyncGenerator<Uint8Array> {
  const decoder = createXzDecoder(maxWindowBytes, { crc32, sha256: () => createHash('sha256') });
  return decodedPieces(chunks, { format: 'xz', decoder, maxRatio });
}
