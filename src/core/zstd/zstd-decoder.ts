/**
 * Decodes zstd (RFC 8878), pushed, in bounded memory. Several frames are one stream, and skippable frames are passed
 * over, as pzstd and zstd:chunked write them. Anything else behind a frame is refused.
 */
import { createFrameDecoder, type FrameDecoder, type Step, type Taken } from './frame-decoder.ts';
import { createScratch, type Scratch, scratchStart } from './scratch.ts';
import { trailingData, truncated } from './zstd-refusal.ts';

/** A pure step over chunks. Throws LayerError for anything it refuses. */
export interface ZstdDecoder {
  /**
   * What a chunk decompresses to, in pieces of at most 128 KiB; iterate them to the end before the next chunk is
   * pushed. A piece is valid until the next one is asked for.
   */
  push(chunk: Uint8Array): Iterable<Uint8Array>;
  /** After the last chunk: refuses a truncated stream. */
  end(): undefined;
}

/** No frame may ask for more memory than `maxWindowBytes`. */
export function createZstdDecoder(maxWindowBytes: number): ZstdDecoder {
  return new StreamDecoder(maxWindowBytes);
}

class StreamDecoder implements ZstdDecoder {
  readonly #scratch: Scratch = createScratch();
  readonly #frames: FrameDecoder;
  readonly #magic: Step = { length: 4, take: () => this.#takeMagic() };
  #step = this.#magic;
  #gathered = 0;
  /** Bytes of a skippable frame that are still to come. */
  #skipped = 0;
  /** Bytes of the stream that were taken. */
  #position = 0;

  constructor(maxWindowBytes: number) {
    this.#frames = createFrameDecoder(this.#scratch, maxWindowBytes);
  }

  *push(chunk: Uint8Array): Iterable<Uint8Array> {
    for (let at = 0; at < chunk.length;) {
      at += this.#skipped > 0 ? this.#skip(chunk.length - at) : this.#gather(chunk, at);
      while (this.#skipped === 0 && this.#gathered === this.#step.length) {
        const { next = this.#magic, piece } = this.#step.take();
        this.#step = next;
        this.#gathered = 0;
        if (piece !== undefined && piece.length > 0) yield piece;
      }
    }
  }

  end(): undefined {
    if (this.#skipped > 0 || this.#gathered > 0 || this.#step !== this.#magic) throw truncated();
  }

  #skip(available: number): number {
    const length = Math.min(this.#skipped, available);
    this.#skipped -= length;
    this.#position += length;
    return length;
  }

  #gather(chunk: Uint8Array, at: number): number {
    const length = Math.min(this.#step.length - this.#gathered, chunk.length - at);
    this.#scratch.bytes.set(chunk.subarray(at, at + length), scratchStart + this.#gathered);
    this.#gathered += length;
    this.#position += length;
    if (this.#step === this.#magic) this.#checkMagic();
    return length;
  }

  /** As soon as a byte is wrong, since what follows a frame may be shorter than a magic number. */
  #checkMagic(): void {
    const found = this.#scratch.bytes.subarray(scratchStart, scratchStart + this.#gathered);
    if (!magics.some((magic) => found.every((byte, at) => magic(byte, at)))) {
      throw trailingData(this.#position - this.#gathered);
    }
  }

  #takeMagic(): Taken {
    if (this.#scratch.bytes[scratchStart] === frameMagic[0]) return { next: this.#frames.begin() };
    return { next: { length: 4, take: () => this.#takeSkippable() } };
  }

  #takeSkippable(): Taken {
    const size = this.#scratch.bytes.subarray(scratchStart, scratchStart + 4);
    this.#skipped = size.reduceRight((sum, byte) => sum * 256 + byte, 0);
    return { next: undefined };
  }
}

/** 3.1.1. */
const frameMagic = [0x28, 0xb5, 0x2f, 0xfd];
/** 3.1.2: the low half of the first byte is the user's. */
const skippableMagic = [0x50, 0x2a, 0x4d, 0x18];

const magics = [
  (byte: number, at: number): boolean => byte === frameMagic[at],
  (byte: number, at: number): boolean => (at === 0 ? byte & 0xf0 : byte) === skippableMagic[at],
];
