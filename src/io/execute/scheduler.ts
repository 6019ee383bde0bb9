/**
 * Runs steps that need one another, at most `jobs` at once, in the order given wherever several are ready. The first
 * failure aborts the rest: the promise rejects with it once every step under way has ended, so nothing runs on.
 */

export interface Step<Key> {
  readonly key: Key;
  readonly needs: readonly Key[];
  run(signal: AbortSignal): Promise<void>;
}

export async function runSteps<Key>(
  steps: readonly Step<Key>[],
  options: { readonly jobs: number; readonly signal: AbortSignal },
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const waiting = [...steps];
  const done = new Set<Key>();
  const running = new Set<Promise<void>>();
  let failure: { readonly reason: unknown } | undefined;

  const start = (step: Step<Key>): void => {
    const ended = step
      .run(signal)
      .then(() => void done.add(step.key))
      .catch((reason: unknown) => {
        failure ??= { reason };
        stop.abort(reason);
      })
      .finally(() => running.delete(ended));
    running.add(ended);
  };

  while (failure === undefined && !signal.aborted) {
    startReady({ waiting, done, room: options.jobs - running.size }, start);
    if (running.size === 0) break;
    await Promise.race(running);
  }
  await Promise.all(running);
  if (failure !== undefined) throw failure.reason;
  options.signal.throwIfAborted();
}

function startReady<Key>(
  state: { readonly waiting: Step<Key>[]; readonly done: ReadonlySet<Key>; readonly room: number },
  start: (step: Step<Key>) => void,
): void {
  for (let room = state.room; room > 0; room -= 1) {
    const ready = state.waiting.findIndex((step) => step.needs.every((key) => state.done.has(key)));
    const [step] = ready < 0 ? [] : state.waiting.splice(ready, 1);
    if (step === undefined) return;
    start(step);
  }
}
