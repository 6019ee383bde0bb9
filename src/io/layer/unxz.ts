/** Decompresses xz by our own decoder, with the sums that Node has natively. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { TarLimits } from '../../core/tar/tar-entry.ts';
import { createXzDecoder } from '../../core/xz/xz-decoder.ts';
import { checkRatio } from './check-ratio.ts';

/**
 * The decompressed bytes, each piece valid until the next is asked for. A chunk is taken only when the one before it
 * has been used up. Throws LayerError, and what `chunks` throws as it is.
 */
export async function* unxz(
  chunks: AsyncIterable<Uint8Array>,
  { maxRatio, maxWindowBytes }: Pick<TarLimits, 'maxRatio' | 'maxWindowBytes'>,
): AsyncGenerator<Uint8Array> {
  const decoder = createXzDecoder(maxWindowBytes, { crc32, sha256: () => createHash('sha256') });
  let given = 0;
  let taken = 0;
  for await (const chunk of chunks) {
    taken += chunk.length;
    for (const piece of decoder.push(chunk)) {
      given += piece.length;
      checkRatio({ format: 'xz', given, taken }, maxRatio);
      yield piece;
    }
  }
  decoder.end();
}
