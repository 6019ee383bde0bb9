/** Rings when nothing has changed for a moment: editors and compilers write their files in one go. */
import type { WatchClock } from './watch-clock.ts';

/** Milliseconds without a change after which a build begins. */
export const settleMs = 30;
/** Where something changes all the time, a build begins all the same. */
export const mostSettleMs = 600;

export class SettleTimer {
  readonly #clock: WatchClock;
  readonly #onQuiet: () => void;
  #since: number | undefined;
  #cancel = (): void => undefined;

  constructor(clock: WatchClock, onQuiet: () => void) {
    this.#clock = clock;
    this.#onQuiet = onQuiet;
  }

  /** Counts anew, but never beyond `mostSettleMs` from the first start. */
  start(): void {
    this.#cancel();
    const now = this.#clock.now();
    this.#since ??= now;
    const left = Math.max(0, this.#since + mostSettleMs - now);
    this.#cancel = this.#clock.after(Math.min(settleMs, left), () => {
      this.#since = undefined;
      this.#onQuiet();
    });
  }

  stop(): void {
    this.#cancel();
    this.#since = undefined;
  }
}
