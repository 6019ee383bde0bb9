/**
 * The range decoder of LZMA: bits, each with a probability that it learns from. Probabilities are numbers of eleven bits
 * in tables of the caller; range and code are held as signed words, which engines keep out of the heap.
 */
import { malformed } from './xz-refusal.ts';

/** One half, where every probability begins. */
export const evenOdds = 1 << 10;

export class RangeDecoder {
  readonly #input: Uint8Array;
  #at = 0;
  #end = 0;
  #range = -1;
  #code = 0;

  constructor(input: Uint8Array) {
    this.#input = input;
  }

  /** Begins to read the bytes from `start` to `end` of the input. Throws LayerError. */
  open(start: number, end: number): void {
    if (end - start < 5 || this.#input[start] !== 0) throw malformed('a chunk does not begin as LZMA does');
    this.#at = start + 1;
    this.#end = end;
    this.#range = -1;
    this.#code = 0;
    for (let count = 0; count < 4; count += 1) this.#code = (this.#code << 8) | this.#next();
  }

  #next(): number {
    const byte = this.#input[this.#at] ?? 0;
    this.#at += 1;
    return byte;
  }

  /** Whether more was read than there is; bits are garbage then. */
  get isPast(): boolean {
    return this.#at > this.#end;
  }

  /** Whether all was read, and what is left over is what an encoder leaves. */
  get isFinished(): boolean {
    return this.#at === this.#end && this.#code === 0;
  }

  bit(odds: Uint16Array, index: number): number {
    const chance = odds[index] ?? 0;
    const bound = Math.imul(this.#range >>> 11, chance);
    if (this.#code >>> 0 < bound >>> 0) {
      this.#range = bound;
      odds[index] = chance + ((2048 - chance) >> 5);
      this.#fill();
      return 0;
    }
    this.#range = (this.#range - bound) | 0;
    this.#code = (this.#code - bound) | 0;
    odds[index] = chance - (chance >> 5);
    this.#fill();
    return 1;
  }

  #fill(): void {
    if (this.#range >>> 0 >= 1 << 24) return;
    this.#range <<= 8;
    this.#code = (this.#code << 8) | this.#next();
  }

  /** A number of `count` bits by a tree of odds that begins at `base`; the highest bit comes first. */
  tree(odds: Uint16Array, base: number, count: number): number {
    let node = 1;
    for (let left = count; left > 0; left -= 1) node = (node << 1) | this.bit(odds, base + node);
    return node - (1 << count);
  }

  /** As `tree`, the lowest bit first. */
  reverseTree(odds: Uint16Array, base: number, count: number): number {
    let node = 1;
    let value = 0;
    for (let place = 0; place < count; place += 1) {
      const bit = this.bit(odds, base + node);
      node = (node << 1) | bit;
      value |= bit << place;
    }
    return value;
  }

  /** A number of `count` bits that are as likely one as the other. */
  direct(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left -= 1) {
      this.#range >>>= 1;
      const isOne = this.#code >>> 0 >= this.#range >>> 0;
      if (isOne) this.#code = (this.#code - this.#range) | 0;
      value = (value << 1) | (isOne ? 1 : 0);
      this.#fill();
    }
    return value;
  }
}
