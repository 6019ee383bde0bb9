/** Decompresses zstd by our own decoder, the same on every Node: node:zlib has one from 22.15 on only. */
import type { TarLimits } from '../../core/tar/tar-entry.ts';
import { createZstdDecoder } from '../../core/zstd/zstd-decoder.ts';
import { checkRatio } from './check-ratio.ts';

/**
 * The decompressed bytes, each piece valid until the next is asked for. A chunk is taken only when the one before it
 * has been used up. Throws LayerError, and what `chunks` throws as it is.
 */
export async function* unzstd(
  chunks: AsyncIterable<Uint8Array>,
  { maxRatio, maxWindowBytes }: Pick<TarLimits, 'maxRatio' | 'maxWindowBytes'>,
): AsyncGenerator<Uint8Array> {
  const decoder = createZstdDecoder(maxWindowBytes);
  let given = 0;
  let taken = 0;
  for await (const chunk of chunks) {
    taken += chunk.length;
    for (const piece of decoder.push(chunk)) {
      given += piece.length;
      checkRatio({ format: 'zstd', given, taken }, maxRatio);
      yield piece;
    }
  }
  decoder.end();
}
