/** Decompresses bzip2 by our own decoder. */
import { createBzip2Decoder } from '../../core/bzip2/bzip2-decoder.ts';
import { decodedPieces } from './decoded-pieces.ts';

/** As decodedPieces says. */
export function unbzip2(chunks: AsyncIterable<Uint8Array>, maxRatio: number): AsyncGenerator<Uint8Array> {
  return decodedPieces(chunks, { format: 'bzip2', decoder: createBzip2Decoder(), maxRatio });
}
