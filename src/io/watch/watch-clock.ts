/** The time that a watch goes by. */

export interface WatchClock {
  /** Milliseconds; never goes back. */
  now(): number;
  /** Calls back once, unless what is returned is called before. */
  after(milliseconds: number, call: () => void): () => void;
}

export const processClock: WatchClock = {
  now: () => performance.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};
