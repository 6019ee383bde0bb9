/**
 * A gzip member (RFC 1952) made of DEFLATE blocks of a fixed geometry, pushed: the bytes that come out depend on the
 * bytes that went in and the level alone, never on how they were cut into writes. No time, no name, OS 255 (unknown).
 */
import { type BlockEncoder, blockBytes, historyBytes } from './block-encoder.ts';
import { type Crc32, crc32 as tableCrc32 } from './crc32.ts';

export interface GzipEncoder {
  /** Takes bytes; the buffer may be reused at once. Encodes a block, synchronously, whenever one is full. */
  write(bytes: Uint8Array): void;
  /** Encodes what is left and ends the member; no write may follow. */
  end(): void;
}

export interface GzipParts {
  readonly encoder: BlockEncoder;
  /** Gets the member's bytes in order; each buffer is the receiver's. */
  readonly onBytes: (bytes: Uint8Array) => void;
  /** A faster CRC-32 where there is one (node:zlib has it); every right one gives the same bytes. */
  readonly crc32?: Crc32;
}

// RFC 1952, 2.3.1: ID1 ID2 CM=deflate FLG=0 MTIME=0 XFL=0 OS=unknown.
const header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
// RFC 1951, 3.2.3: a final block with fixed codes that holds nothing but its end.
const finalBlock = [0x03, 0x00];

export function createGzipEncoder(parts: GzipParts): GzipEncoder {
  return new PushedGzip(parts);
}

class PushedGzip implements GzipEncoder {
  readonly #encoder: BlockEncoder;
  readonly #onBytes: (bytes: Uint8Array) => void;
  readonly #crc32: Crc32;
  /** The history of the block, then the block. */
  readonly #window = new Uint8Array(historyBytes + blockBytes);
  #history = 0;
  #filled = 0;
  #crc = 0;
  /** Length of the input modulo 2^32 (RFC 1952, ISIZE). */
  #size = 0;
  #started = false;

  constructor({ encoder, onBytes, crc32 = tableCrc32 }: GzipParts) {
    this.#encoder = encoder;
    this.#onBytes = onBytes;
    this.#crc32 = crc32;
  }

  write(bytes: Uint8Array): void {
    this.#crc = this.#crc32(bytes, this.#crc);
    this.#size = (this.#size + bytes.length) % 2 ** 32;
    for (let at = 0; at < bytes.length;) {
      const taken = Math.min(bytes.length - at, blockBytes - this.#filled);
      this.#window.set(bytes.subarray(at, at + taken), historyBytes + this.#filled);
      this.#filled += taken;
      at += taken;
      if (this.#filled === blockBytes) this.#encodeBlock();
    }
  }

  end(): void {
    if (this.#filled > 0) this.#encodeBlock();
    this.#start();
    const trailer = new Uint8Array(finalBlock.length + 8);
    trailer.set(finalBlock);
    const view = new DataView(trailer.buffer, finalBlock.length);
    view.setUint32(0, this.#crc, true);
    view.setUint32(4, this.#size, true);
    this.#onBytes(trailer);
  }

  #encodeBlock(): void {
    this.#start();
    const end = historyBytes + this.#filled;
    const history = this.#window.subarray(historyBytes - this.#history, historyBytes);
    this.#onBytes(this.#encoder.encode(this.#window.subarray(historyBytes, end), history));
    this.#window.copyWithin(0, end - historyBytes, end);
    this.#history = historyBytes;
    this.#filled = 0;
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#onBytes(Uint8Array.from(header));
  }
}
