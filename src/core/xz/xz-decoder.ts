/**
 * Decodes xz (xz-file-format.txt 1.2), pushed, in bounded memory. Streams one after another are one, with the zeros
 * between them that the format allows. A block's check can only be looked at when all of the block was given out, so
 * nobody may believe what comes out before the end.
 */
import type { Sums } from './content-check.ts';
import { type Input, maxStepBytes } from './input.ts';
import { readStreams } from './stream-reader.ts';
import { trailingData, truncated } from './xz-refusal.ts';

/** A pure step over chunks. Throws LayerError for anything it refuses. */
export interface XzDecoder {
  /**
   * What a chunk decompresses to, in pieces of at most 2 MiB; iterate them to the end before the next chunk is pushed. A
   * piece is valid until the next one is asked for.
   */
  push(chunk: Uint8Array): Iterable<Uint8Array>;
  /** After the last chunk: refuses a truncated stream. */
  end(): undefined;
}

/** No block may ask for a dictionary of more than `maxWindowBytes`. */
export function createXzDecoder(maxWindowBytes: number, sums: Sums): XzDecoder {
  const input: Input = { bytes: new Uint8Array(maxStepBytes), position: 0, mayEnd: false };
  const steps = readStreams(input, { maxWindowBytes, sums });
  let gathered = 0;
  let wanted = 0;
  /** Goes on to where more bytes are waited for; what is given on the way is handed out. */
  function* advance(): Generator<Uint8Array> {
    gathered = 0;
    for (;;) {
      const step = steps.next().value;
      if (step instanceof Uint8Array) {
        yield step;
      } else {
        wanted = step ?? 0;
        return;
      }
    }
  }
  return {
    *push(chunk) {
      if (wanted === 0) yield* advance();
      for (let at = 0; at < chunk.length;) {
        const length = Math.min(wanted - gathered, chunk.length - at);
        input.bytes.set(chunk.subarray(at, at + length), gathered);
        input.position += length;
        gathered += length;
        at += length;
        if (gathered === wanted) yield* advance();
      }
    },
    end() {
      if (!input.mayEnd) throw truncated();
      if (gathered > 0) throw trailingData(input.position - gathered);
    },
  };
}
