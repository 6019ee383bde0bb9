/**
 * Starts threads that take digests. Their code is one bundled file, named by `imports` of package.json, so that the
 * sources under test, the library and the bundled command all start the same file.
 */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

const require = createRequire(import.meta.url);

/** `root` is the context: absolute and real. */
export function startDigestWorker(root: string): Worker {
  // None of the flags that this process was started with is for the worker.
  return new Worker(require.resolve('#digest-worker'), {
    name: 'layerwright digests',
    execArgv: [],
    workerData: { root },
  });
}
