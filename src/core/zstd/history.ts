/**
 * What a frame has decompressed to, as far back as matches may reach. Written from its begin to its end; where there is
 * no room for a block any more, the window moves to the begin.
 */

export interface History {
  readonly bytes: Uint8Array;
  /** Where the next byte goes. */
  readonly at: number;
  /** Bytes before `at` that are the frame's and within its window. */
  readonly reach: number;
  /** Begins a frame; nothing of the one before is within reach. */
  begin(windowSize: number): void;
  /** Makes room for a block; what was given out before is overwritten. */
  makeRoom(length: number): void;
  /** Bytes that were written behind `at`. */
  advance(length: number): void;
}

/** Blocks that fit behind the window, so that it is moved seldom; more behind a larger window, up to 16 MiB. */
const leastRoom = 1024 * 1024;
const mostRoom = 16 * 1024 * 1024;

export function createHistory(): History {
  return new SlidingHistory();
}

class SlidingHistory implements History {
  bytes = new Uint8Array(0);
  at = 0;
  /** Bytes of this frame so far. */
  #total = 0;
  #window = 0;

  get reach(): number {
    return Math.min(this.#total, this.#window);
  }

  begin(windowSize: number): void {
    this.#window = windowSize;
    this.#total = 0;
    this.at = 0;
    const length = windowSize + Math.min(Math.max(windowSize, leastRoom), mostRoom);
    // The system gives memory when it is written to, so a window that is only declared costs none.
    if (this.bytes.length < length) this.bytes = new Uint8Array(length);
  }

  makeRoom(length: number): void {
    if (this.at + length <= this.bytes.length) return;
    const { reach } = this;
    this.bytes.copyWithin(0, this.at - reach, this.at);
    this.at = reach;
  }

  advance(length: number): void {
    this.at += length;
    this.#total += length;
  }
}
