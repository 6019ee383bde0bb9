/** Decompresses zstd by our own decoder, the same on every Node: node:zlib has one from 22.15 on only. */
import type { TarLimits } from '../../core/tar/tar-entry.ts';
import { createZstdDecoder } from '../../core/zstd/zstd-decoder.ts';
import { decodedPieces } from './decoded-pieces.ts';

/** As decodedPieces says. */
export function unzstd(
  chunks: AsyncIterable<Uint8Array>,
  { maxRatio, maxWindowBytes }: Pick<TarLimits, 'maxRatio' | 'maxWindowBytes'>,
): AsyncGenerator<Uint8Array> {
  const decoder = createZstdDecoder(maxWindowBytes);
  return decodedPieces(chunks, { format: 'zstd', decoder, maxRatio });
}
