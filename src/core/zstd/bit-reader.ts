/**
 * Bits read backwards, from the end of a part of a block to its begin, as FSE and Huffman streams are written (RFC
 * 8878, 4.1): the highest set bit of the last byte is a mark, and the bits below it come first. The part stands in a
 * buffer with room on both sides (scratch.ts), so that no read needs a check of its own; whoever reads looks at `left`
 * now and then, which is negative when more was read than there is.
 */
import { malformed } from './zstd-refusal.ts';

export class BitReader {
  readonly #view: DataView;
  #at = 0;
  #start = 0;

  constructor(buffer: Uint8Array) {
    this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }

  /** Begins to read the bytes from `start` to `end`. Throws LayerError. */
  open(start: number, end: number): void {
    const last = end > start ? this.#view.getUint8(end - 1) : 0;
    if (last === 0) throw malformed('a stream of bits has no end');
    this.#start = start * 8;
    this.#at = (end - 1) * 8 + 31 - Math.clz32(last);
  }

  /** At most 24 bits at once. */
  read(count: number): number {
    const at = this.#at - count;
    this.#at = at;
    return (this.#view.getUint32(at >> 3, true) >>> (at & 7)) & ((1 << count) - 1);
  }

  /** The next bits, at most 24, lowest first; those below the begin of the part mean nothing. */
  peek(count: number): number {
    const at = this.#at - count;
    return this.#view.getUint32(at >> 3, true) >>> (at & 7);
  }

  skip(count: number): void {
    this.#at -= count;
  }

  get left(): number {
    return this.#at - this.#start;
  }
}
