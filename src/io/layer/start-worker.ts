/**
 * Starts worker threads. Their code is one bundled file each in dist/, named by `imports` of package.json, so that the
 * sources under test, the library and the bundled command all start the same file.
 */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

const require = createRequire(import.meta.url);

export function startLayerWorker(): Worker {
  // None of the flags that this process was started with is for the worker.
  return new Worker(require.resolve('#layer-worker'), { name: 'layerwright layer', execArgv: [] });
}
