/** One at a time: what looks at links and removes bytes must not meet what links the same bytes. */
export interface Turns {
  /** Runs `work` when all that was asked before has ended. */
  take<T>(work: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take: (work) => {
      const turn = last.then(work);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
