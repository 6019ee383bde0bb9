/** Time for the registry client, so that tests need not wait. */
import { setTimeout as timer } from 'node:timers/promises';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after so many milliseconds; rejects with the signal's reason when it is aborted first. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  async wait(milliseconds, signal) {
    try {
      await timer(milliseconds, undefined, { signal });
    } catch {
      throw signal.reason;
    }
  },
};
