/**
 * What a frame has decompressed to, as far back as matches may reach, in a ring that is little larger than the window.
 * A block never runs over the end of the ring: it begins a new lap instead, and what the lap before has written stays
 * readable as long as it is within the window.
 */
import { maxBlockBytes } from './scratch.ts';
import { malformed } from './zstd-refusal.ts';

/** Small windows share a ring, so that frames of many sizes need no new one. */
const leastWindow = 1024 * 1024;

/** Up to so many bytes a loop is faster than a call. */
const fewBytes = 48;

export class History {
  #bytes = new Uint8Array(0);
  /** Where the next byte goes. */
  #at = 0;
  #blockStart = 0;
  /** Bytes of this frame so far. */
  #total = 0;
  #window = 0;
  /** Where the lap before ended. */
  #lapEnd = 0;

  /** Begins a frame; nothing of the one before is within reach. */
  begin(windowSize: number): void {
    this.#window = windowSize;
    this.#total = 0;
    this.#lapEnd = 0;
    this.#at = 0;
    // One block for the end that a lap may leave unused, and one that is written while all of the window is within reach.
    const length = Math.max(windowSize, leastWindow) + 2 * maxBlockBytes;
    // The system gives memory when it is written to, so a window that is only declared costs none.
    if (this.#bytes.length < length) this.#bytes = new Uint8Array(length);
  }

  /** Begins a block of at most maxBlockBytes; what was given out before may be overwritten. */
  beginBlock(): void {
    if (this.#at + maxBlockBytes > this.#bytes.length) {
      this.#lapEnd = this.#at;
      this.#at = 0;
    }
    this.#blockStart = this.#at;
  }

  /** Bytes of the block so far, which its reader bounds. */
  get blockLength(): number {
    return this.#at - this.#blockStart;
  }

  /** What the block holds; valid until another one begins. */
  block(): Uint8Array {
    return this.#bytes.subarray(this.#blockStart, this.#at);
  }

  /** Writes bytes of `from`, from `start` on. */
  append(from: Uint8Array, start: number, length: number): void {
    const [bytes, at] = [this.#bytes, this.#at];
    this.#advance(length);
    if (length > fewBytes) {
      bytes.set(from.subarray(start, start + length), at);
      return;
    }
    for (let index = 0; index < length; index += 1) bytes[at + index] = from[start + index] ?? 0;
  }

  fill(byte: number, length: number): void {
    this.#bytes.fill(byte, this.#at, this.#at + length);
    this.#advance(length);
  }

  /** Writes again what stands `distance` back; where that is less than `length`, over and over. Throws LayerError. */
  repeat(distance: number, length: number): void {
    if (distance === 0 || distance > this.#total || distance > this.#window) {
      throw malformed('a match reaches back too far');
    }
    const from = this.#at - distance;
    if (from >= 0) {
      this.#repeatFrom(from, length);
      return;
    }
    const before = Math.min(length, -from);
    this.#repeatFrom(from + this.#lapEnd, before);
    // What follows the end of the lap before is the begin of this one.
    if (before < length) this.#repeatFrom(0, length - before);
  }

  #repeatFrom(from: number, length: number): void {
    const [bytes, at] = [this.#bytes, this.#at];
    this.#advance(length);
    if (length > fewBytes && (from > at || from + length <= at)) {
      bytes.copyWithin(at, from, from + length);
      return;
    }
    for (let index = 0; index < length; index += 1) bytes[at + index] = bytes[from + index] ?? 0;
  }

  #advance(length: number): void {
    this.#at += length;
    this.#total += length;
  }
}
