/**
 * Bits, the highest of a byte first, out of bytes that come in chunks. Whoever reads makes sure beforehand that there is
 * enough, and is refused where the input has ended.
 */
import { truncated } from './bzip2-refusal.ts';

export class BitSource {
  #bytes = new Uint8Array(0);
  #at = 0;
  #end = 0;
  /** Bytes that were dropped from the begin of the buffer. */
  #dropped = 0;
  #bits = 0;
  #count = 0;

  /** Bytes that were not begun yet. */
  get available(): number {
    return this.#end - this.#at;
  }

  /** How many bytes of the whole input were begun. */
  get position(): number {
    return this.#dropped + this.#at - (this.#count >> 3);
  }

  push(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#bytes.length) this.#makeRoom(chunk.length);
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  #makeRoom(length: number): void {
    const left = this.#bytes.subarray(this.#at, this.#end);
    const needed = left.length + length;
    const bytes = needed * 2 > this.#bytes.length ? new Uint8Array(needed * 3) : this.#bytes;
    if (bytes === this.#bytes) bytes.copyWithin(0, this.#at, this.#end);
    else bytes.set(left);
    this.#dropped += this.#at;
    this.#at = 0;
    this.#end = left.length;
    this.#bytes = bytes;
  }

  /** At most 24 bits. Throws LayerError where there are no more. */
  read(count: number): number {
    this.#fill(count);
    this.#count -= count;
    return (this.#bits >>> this.#count) & ((1 << count) - 1);
  }

  /** The next 20 bits, with zeros behind the end of the input. */
  peek(): number {
    while (this.#count < 20 && this.#at < this.#end) this.#take();
    const bits = this.#count < 20 ? this.#bits << (20 - this.#count) : this.#bits >>> (this.#count - 20);
    return bits & 0xfffff;
  }

  /** Passes over bits that were peeked at. Throws LayerError where there are not so many. */
  skip(count: number): void {
    if (this.#count < count) throw truncated();
    this.#count -= count;
  }

  /** Passes over what is left of a byte that was begun. */
  alignToByte(): void {
    this.#count -= this.#count & 7;
  }

  /** Whether there is nothing more; asked at the begin of a byte. */
  get isEmpty(): boolean {
    return this.#count === 0 && this.#at === this.#end;
  }

  #fill(count: number): void {
    while (this.#count < count) {
      if (this.#at === this.#end) throw truncated();
      this.#take();
    }
  }

  #take(): void {
    this.#bits = (this.#bits << 8) | (this.#bytes[this.#at] ?? 0);
    this.#at += 1;
    this.#count += 8;
  }
}
