/**
 * Notices a transfer that has gone silent or crawls: fewer than `bytesPerSecond` on average over a whole window of
 * waiting for the other side. Time that our own disk takes between chunks is not counted.
 */
import type { Timeouts } from './registry-settings.ts';

export class TransferStalled extends Error {
  constructor(limits: Timeouts['lowSpeed']) {
    super(`fewer than ${String(limits.bytesPerSecond)} bytes a second for ${String(limits.window / 1000)} s`);
    this.name = 'TransferStalled';
  }
}

export class SpeedMeter {
  readonly #limits: Timeouts['lowSpeed'];
  readonly #onStall: (error: TransferStalled) => void;
  #bytes = 0;
  /** Milliseconds of the present window already spent waiting. */
  #spent = 0;
  #waitingSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `onStall` is called at most once a window. */
  constructor(limits: Timeouts['lowSpeed'], onStall: (error: TransferStalled) => void) {
    this.#limits = limits;
    this.#onStall = onStall;
  }

  /** From now on we wait for the other side. */
  waiting(): void {
    this.#waitingSince = performance.now();
    this.#timer = setTimeout(
      () => {
        this.#windowEnds();
      },
      Math.max(1, this.#limits.window - this.#spent),
    );
  }

  /** The other side gave or took so many bytes. */
  moved(bytes: number): void {
    this.stop();
    this.#bytes += bytes;
    if (this.#spent >= this.#limits.window) this.#judge();
  }

  /** We no longer wait. */
  stop(): void {
    clearTimeout(this.#timer);
    if (this.#waitingSince !== undefined) this.#spent += performance.now() - this.#waitingSince;
    this.#waitingSince = undefined;
  }

  #windowEnds(): void {
    this.stop();
    this.#judge();
    this.waiting();
  }

  #judge(): void {
    const enough = (this.#limits.bytesPerSecond * this.#spent) / 1000;
    const slow = this.#bytes < enough;
    this.#bytes = 0;
    this.#spent = 0;
    if (slow) this.#onStall(new TransferStalled(this.#limits));
  }
}
