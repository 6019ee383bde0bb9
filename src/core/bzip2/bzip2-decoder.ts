/**
 * Decodes bzip2 1.0, pushed, in bounded memory: a block at a time, of 900,000 bytes at most. Streams one after another
 * are one, as bzip2 itself and pbzip2 have it; anything else behind a stream is refused. Each block is held against its
 * sum when it was given out, and each stream against that of its blocks.
 */
import { BitSource } from './bit-source.ts';
import { maxCompressedBytes, readBlock } from './block-reader.ts';
import { malformed, trailingData, wrongChecksum } from './bzip2-refusal.ts';
import { contentOf } from './content-reader.ts';

/** A pure step over chunks. Throws LayerError for anything it refuses. */
export interface Bzip2Decoder {
  /** What can be decompressed so far; iterate it to the end. A piece is valid until the next one is asked for. */
  push(chunk: Uint8Array): Iterable<Uint8Array>;
  /** What is left after the last chunk; refuses a truncated stream. */
  end(): Iterable<Uint8Array>;
}

export function createBzip2Decoder(): Bzip2Decoder {
  return new StreamDecoder();
}

/** pi, and its square root, in decimal digits. */
const blockMagic = [0x314159, 0x265359] as const;
const endMagic = [0x177245, 0x385090] as const;
const streamMagic = [0x42, 0x5a, 0x68];
const unitOfBlocks = 100_000;

class StreamDecoder implements Bzip2Decoder {
  readonly #bits = new BitSource();
  #sorted = new Uint32Array(0);
  /** Of a block of this stream; 0 between streams. */
  #maxLength = 0;
  #sum = 0;
  #isFirst = true;

  *push(chunk: Uint8Array): Iterable<Uint8Array> {
    this.#bits.push(chunk);
    while (this.#bits.available >= maxCompressedBytes) yield* this.#next();
  }

  *end(): Iterable<Uint8Array> {
    while (this.#isFirst || this.#maxLength > 0 || !this.#bits.isEmpty) yield* this.#next();
  }

  /** The header of a stream, a block, or the end of a stream. */
  *#next(): Generator<Uint8Array> {
    if (this.#maxLength === 0) {
      this.#readHeader();
      return;
    }
    const magic = [this.#bits.read(24), this.#bits.read(24)];
    if (magic[0] === blockMagic[0] && magic[1] === blockMagic[1]) yield* this.#block();
    else if (magic[0] === endMagic[0] && magic[1] === endMagic[1]) this.#readEnd();
    else throw malformed('a block does not begin as blocks do');
  }

  #readHeader(): void {
    const at = this.#bits.position;
    for (const expected of streamMagic) {
      if (this.#bits.isEmpty || this.#bits.read(8) !== expected) throw this.#notAStream(at);
    }
    const level = this.#bits.read(8) - 0x30;
    if (level < 1 || level > 9) throw this.#notAStream(at);
    this.#isFirst = false;
    this.#maxLength = level * unitOfBlocks;
    this.#sum = 0;
  }

  #notAStream(at: number): Error {
    return this.#isFirst ? malformed('it does not begin as bzip2 does') : trailingData(at);
  }

  *#block(): Generator<Uint8Array> {
    if (this.#sorted.length < this.#maxLength) this.#sorted = new Uint32Array(this.#maxLength);
    const block = readBlock(this.#bits, this.#sorted, this.#maxLength);
    const content = contentOf(block, this.#sorted);
    yield* content.pieces;
    if (content.checksum() !== block.checksum) throw wrongChecksum();
    this.#sum = (((this.#sum << 1) | (this.#sum >>> 31)) ^ block.checksum) >>> 0;
  }

  #readEnd(): void {
    const sum = this.#bits.read(16) * 0x10000 + this.#bits.read(16);
    if (sum !== this.#sum) throw wrongChecksum();
    this.#bits.alignToByte();
    this.#maxLength = 0;
  }
}
