/** Runs work on a list, several at once; the first failure ends it. */

/**
 * Calls `work` on each item, at most `limit` at a time, in order. After a failure nothing new is started and the signal
 * given to `work` is aborted; the failure is thrown when everything under way has ended.
 */
export async function inParallel<T>(
  items: readonly T[],
  bounds: { readonly limit: number; readonly signal: AbortSignal },
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([bounds.signal, failed.signal]);
  const failures: unknown[] = [];
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (signal.aborted) return;
      try {
        await work(item, signal);
      } catch (error) {
        failures.push(error);
        failed.abort(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, bounds.limit) }, worker));
  bounds.signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}
