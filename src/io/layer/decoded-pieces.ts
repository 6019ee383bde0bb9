/** Compressed chunks through a decoder of ours, and no further once they become far more bytes than honest ones do. */
import { checkRatio, type Decompressed } from './check-ratio.ts';

export interface PieceDecoder {
  push(chunk: Uint8Array): Iterable<Uint8Array>;
  /** Refuses a stream that ends too early; gives what it held back, if it holds back anything. */
  end(): Iterable<Uint8Array> | undefined;
}

export interface DecoderInUse {
  readonly format: Decompressed['format'];
  readonly decoder: PieceDecoder;
  readonly maxRatio: number;
}

/**
 * The decompressed bytes, each piece valid until the next is asked for. A chunk is taken only when the one before it
 * has been used up. Throws LayerError, and what `chunks` throws as it is.
 */
export async function* decodedPieces(
  chunks: AsyncIterable<Uint8Array>,
  { format, decoder, maxRatio }: DecoderInUse,
): AsyncGenerator<Uint8Array> {
  let given = 0;
  let taken = 0;
  for await (const chunk of chunks) {
    taken += chunk.length;
    for (const piece of decoder.push(chunk)) {
      given += piece.length;
      checkRatio({ format, given, taken }, maxRatio);
      yield piece;
    }
  }
  for (const piece of decoder.end() ?? []) {
    given += piece.length;
    checkRatio({ format, given, taken }, maxRatio);
    yield piece;
  }
}
