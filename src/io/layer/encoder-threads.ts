/**
 * Encodes blocks on worker threads, each started when there is more to encode than those before it keep up with.
 * Bytes never cross a thread: blocks are shared memory, messages say which one and how long it became.
 */
import type { Worker } from 'node:worker_threads';
import { LayerError } from '../../core/tar/layer-error.ts';
import type { BlockToEncode } from './encode-block.ts';
import type { WorkerAnswer, WorkerProblem, WorkerTask } from './layer-worker.ts';
import { startLayerWorker } from './start-worker.ts';

export interface EncoderThreads {
  /**
   * The encoded bytes, at the start of `output`; all arrays stand in shared memory. Always settles, and then no thread
   * touches the block any more. Rejects with LayerError `layer/cannot-compress`.
   */
  encode(request: BlockToEncode): Promise<Uint8Array>;
  /** Ends every thread, whatever it is at; what is being encoded rejects, and so does what comes later. */
  close(): Promise<void>;
}

interface Thread {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
}

interface Pending {
  readonly resolve: (length: number) => void;
  readonly reject: (error: Error) => void;
}

/** At most `most` threads, and no more than the system has to give; none before the first block. */
export function createEncoderThreads(most: number, start: () => Worker = startLayerWorker): EncoderThreads {
  const threads: Thread[] = [];
  let limit = most;
  // The one with the least to do; a new one where all have something.
  const nextThread = (): Thread => {
    const [idlest] = [...threads].sort((a, b) => a.pending.size - b.pending.size);
    if (idlest !== undefined && (idlest.pending.size === 0 || threads.length >= limit)) return idlest;
    try {
      return startThread(threads, start);
    } catch (error) {
      // One more was not to be had: those that are there encode the same bytes.
      if (idlest === undefined) throw error;
      limit = threads.length;
      return idlest;
    }
  };
  let lastId = 0;
  let closed = false;
  return {
    encode: async (request) => {
      if (closed) throw cannotCompress('its threads were ended');
      const thread = nextThread();
      lastId += 1;
      return request.output.subarray(0, await send(thread, lastId, request));
    },
    close: async () => {
      closed = true;
      await Promise.all(threads.splice(0).map(({ worker }) => worker.terminate()));
    },
  };
}

function startThread(threads: Thread[], start: () => Worker): Thread {
  const worker = startWorker(start);
  const pending = new Map<number, Pending>();
  const lose = (found: string): void => {
    for (const { reject } of pending.values()) reject(cannotCompress(found));
    pending.clear();
  };
  worker.on('message', (answer: WorkerAnswer) => {
    const asked = pending.get(answer.id);
    pending.delete(answer.id);
    if ('length' in answer) asked?.resolve(answer.length);
    else asked?.reject(failureOf(answer.problem));
  });
  worker.on('error', (error) => lose(error instanceof Error ? error.message : String(error)));
  const thread = { worker, pending };
  worker.on('exit', () => {
    const at = threads.indexOf(thread);
    if (at >= 0) threads.splice(at, 1);
    lose('its thread ended');
  });
  threads.push(thread);
  return thread;
}

function startWorker(start: () => Worker): Worker {
  try {
    return start();
  } catch (error) {
    throw cannotCompress(
      `no thread can be started: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function send({ worker, pending }: Thread, id: number, request: BlockToEncode): Promise<number> {
  return new Promise((resolve, reject) => {
    pending.set(id, { resolve, reject });
    const task: WorkerTask = { id, ...request };
    worker.postMessage(task);
  });
}

function failureOf({ message, code, help }: WorkerProblem): LayerError {
  return code === undefined
    ? cannotCompress(message)
    : new LayerError(code, message, help === undefined ? {} : { help });
}

function cannotCompress(found: string): LayerError {
  return new LayerError('layer/cannot-compress', `compressing a layer failed: ${found}`, {
    help: 'free memory or raise the limit on threads, or lower --jobs so that less of both is needed',
  });
}
