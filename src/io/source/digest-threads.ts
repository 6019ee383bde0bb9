/**
 * Digests of many files on several threads. Each thread is given the next few hundred files when it has answered for
 * the last; answers come in any order and are put where their files are, so nothing depends on who was quick.
 */
import type { Worker } from 'node:worker_threads';
import type { Failure } from '../../core/diagnostic/failure.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import type { FileFacts, ReadFacts } from './digest-file.ts';
import type { DigestAnswer, DigestTask } from './digest-worker.ts';
import { SourceError } from './source-error.ts';
import { startDigestWorker } from './start-digest-worker.ts';
import { StatRows } from './stat-rows.ts';

/** Files, and what lstat said of each. */
export interface UnreadFiles {
  /** Relative to the context. */
  readonly paths: ImagePath[];
  /** A row for each path, without digests. */
  readonly rows: StatRows;
}

export type ReadFile<Facts = FileFacts> = { readonly facts: Facts } | { readonly failure: Failure };

export interface ThreadsRequest {
  /** The context: absolute and real. */
  readonly root: string;
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Told of each file, in any order; `at` is its position. */
  readonly onRead: (at: number, file: ReadFile<ReadFacts>) => void;
  /** Starts a thread; the bundled one if absent. */
  readonly start?: (root: string) => Worker;
}

/**
 * Whether the files were read: false, and nothing was told, where not one thread can be started. Rejects where a thread
 * ends by itself, and with the signal's reason. No thread is left afterwards.
 */
export async function readOnThreads(files: UnreadFiles, request: ThreadsRequest): Promise<boolean> {
  const { signal } = request;
  const batches = batchesOf(files);
  const workers = startThreads(request, batches.length);
  if (workers.length === 0) return false;
  const endAll = (): void => {
    for (const worker of workers) void worker.terminate();
  };
  signal.addEventListener('abort', endAll);
  try {
    await Promise.all(workers.map((worker) => serve(worker, batches, { files, request })));
    signal.throwIfAborted();
    return true;
  } finally {
    signal.removeEventListener('abort', endAll);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** As many as the system lets us have: fewer read the same files. */
function startThreads({ root, threads, start = startDigestWorker }: ThreadsRequest, most: number): Worker[] {
  const workers: Worker[] = [];
  try {
    while (workers.length < Math.min(threads, most)) workers.push(start(root));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_INIT_FAILED') throw error;
  }
  return workers;
}

/** Files from `start` up to `end`. */
interface Batch {
  readonly start: number;
  readonly end: number;
}

const batchFiles = 256;
const batchBytes = 1 << 24;

function batchesOf({ paths, rows }: UnreadFiles): Batch[] {
  const batches: Batch[] = [];
  let start = 0;
  let bytes = 0;
  for (let at = 0; at < paths.length; at += 1) {
    bytes += rows.size(at);
    if (at + 1 - start < batchFiles && bytes < batchBytes && at + 1 < paths.length) continue;
    batches.push({ start, end: at + 1 });
    start = at + 1;
    bytes = 0;
  }
  return batches.reverse();
}

/** Gives the worker one batch after the other until there is none. */
function serve(
  worker: Worker,
  batches: Batch[],
  { files, request }: { readonly files: UnreadFiles; readonly request: ThreadsRequest },
): Promise<void> {
  return new Promise((resolve, reject) => {
    let batch: Batch | undefined;
    const next = (): void => {
      batch = batches.pop();
      if (batch === undefined) resolve();
      else worker.postMessage(taskOf(files, batch));
    };
    worker.on('message', (answer: DigestAnswer) => {
      if (batch !== undefined) tellAll(answer, batch, request);
      next();
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      if (request.signal.aborted) reject(request.signal.reason as Error);
      else reject(new SourceError('source/unreadable', 'a thread that reads the sources ended by itself'));
    });
    next();
  });
}

function taskOf({ paths, rows }: UnreadFiles, { start, end }: Batch): DigestTask {
  return { paths: paths.slice(start, end), rows: rows.copyOf(start, end) };
}

function tellAll(
  { rows: bytes, failures }: DigestAnswer,
  { start, end }: Batch,
  request: ThreadsRequest,
): void {
  const rows = StatRows.from(bytes, end - start);
  const failed = new Map(failures.map((failure) => [failure.at, failure]));
  for (let row = 0; row < rows.length; row += 1) {
    const failure = failed.get(row);
    const file: ReadFile<ReadFacts> =
      failure === undefined
        ? { facts: { stats: rows.stats(row), digest: rows.digest(row), readAt: rows.readAt(row) } }
        : { failure: new SourceError(failure.code, failure.message, helpOf(failure.help)) };
    request.onRead(start + row, file);
  }
}

function helpOf(help: string | undefined): { readonly help?: string } {
  return help === undefined ? {} : { help };
}
