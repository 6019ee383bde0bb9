/**
 * What a block has decompressed to, as far back as matches may reach. A chunk is written in one piece behind the bytes
 * that are still within reach; these are moved to the begin when there is no more room, a quarter of the dictionary apart.
 */
import { malformed } from './xz-refusal.ts';

/** Of one LZMA2 chunk. */
export const maxChunkBytes = 2 * 1024 * 1024;

/** Up to so many bytes a loop is faster than a call. */
const fewBytes = 32;

export class Dictionary {
  #bytes = new Uint8Array(0);
  #size = 0;
  #at = 0;
  #chunkStart = 0;
  #chunkEnd = 0;
  /** How far back there are bytes of this block, no further than its dictionary is large. */
  #reach = 0;

  /** Begins a block. The system gives memory when it is written to, so a dictionary that is only declared costs none. */
  begin(size: number): void {
    const length = size + (size >> 2) + 2 * maxChunkBytes;
    if (this.#bytes.length < length) this.#bytes = new Uint8Array(length);
    this.#size = size;
    this.reset();
  }

  /** Nothing before is within reach. */
  reset(): void {
    this.#reach = 0;
  }

  /** Begins a chunk; what was given out before may be overwritten. */
  beginChunk(length: number): void {
    if (this.#at + length > this.#bytes.length) {
      this.#bytes.copyWithin(0, this.#at - this.#reach, this.#at);
      this.#at = this.#reach;
    }
    this.#chunkStart = this.#at;
    this.#chunkEnd = this.#at + length;
  }

  /** What the chunk holds; valid until another one begins. */
  chunk(): Uint8Array {
    return this.#bytes.subarray(this.#chunkStart, this.#at);
  }

  /** Bytes that the chunk has still to get. */
  get left(): number {
    return this.#chunkEnd - this.#at;
  }

  /** The byte that stands `distance` back, 0 where there is none yet. */
  byteAt(distance: number): number {
    return distance > this.#reach ? 0 : (this.#bytes[this.#at - distance] ?? 0);
  }

  put(byte: number): void {
    this.#bytes[this.#at] = byte;
    this.#advance(1);
  }

  append(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#at);
    this.#advance(bytes.length);
  }

  /** Writes again what stands `distance` back; where that is less than `length`, over and over. Throws LayerError. */
  repeat(distance: number, length: number): void {
    if (distance > this.#reach) throw malformed('a match reaches back too far');
    if (length > this.left) throw malformed('a match is longer than its chunk');
    const [bytes, at] = [this.#bytes, this.#at];
    const from = at - distance;
    this.#advance(length);
    if (length > fewBytes && distance >= length) {
      bytes.copyWithin(at, from, from + length);
      return;
    }
    for (let index = 0; index < length; index += 1) bytes[at + index] = bytes[from + index] ?? 0;
  }

  #advance(length: number): void {
    this.#at += length;
    const reach = this.#reach + length;
    this.#reach = reach < this.#size ? reach : this.#size;
  }
}
