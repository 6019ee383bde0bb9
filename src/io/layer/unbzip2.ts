/** Decompresses bzip2 by our own decoder. */
import { createBzip2Decoder } from '../../core/bzip2/bzip2-decoder.ts';
import { checkRatio } from './check-ratio.ts';

/**
 * The decompressed bytes, each piece valid until the next is asked for. A chunk is taken only when the one before it
 * has been used up. Throws LayerError, and what `chunks` throws as it is.
 */
export async function* unbzip2(
  chunks: AsyncIterable<Uint8Array>,
  maxRatio: number,
): AsyncGenerator<Uint8Array> {
  const decoder = createBzip2Decoder();
  let given = 0;
  let taken = 0;
  function* counted(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
    for (const piece of pieces) {
      given += piece.length;
      checkRatio({ format: 'bzip2', given, taken }, maxRatio);
      yield piece;
    }
  }
  for await (const chunk of chunks) {
    taken += chunk.length;
    yield* counted(decoder.push(chunk));
  }
  yield* counted(decoder.end());
}
