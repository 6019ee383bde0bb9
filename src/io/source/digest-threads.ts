/**
 * Digests of many files on several threads, while a walk still finds more of them. Each few hundred files go to the
 * thread that has the fewest to read; answers come in any order and are put where their files are, so nothing depends
 * on who was quick.
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

/** Threads that read while more files are found. */
export interface DigestThreads {
  /** Has the files read that were found since the last call. */
  readNew(): void;
  /**
   * Resolves when all files have been told of. Rejects where a thread ends by itself, and with the signal's reason. No
   * thread is left afterwards.
   */
  finish(): Promise<void>;
}

/** Undefined where not one thread can be started. `files` may grow, and only that, until `finish` is called. */
export function startDigestThreads(files: UnreadFiles, request: ThreadsRequest): DigestThreads | undefined {
  const { signal } = request;
  const workers = startThreads(request);
  if (workers.length === 0) return undefined;
  const endAll = (): void => {
    for (const worker of workers) void worker.terminate();
  };
  signal.addEventListener('abort', endAll);
  const readers = workers.map((worker) => createReader(worker, files, request));
  let next = 0;
  const readNew = (): void => {
    for (const batch of batchesOf(files, next)) {
      const [idlest] = readers.toSorted((one, other) => one.pending() - other.pending());
      idlest?.read(batch);
      next = batch.end;
    }
  };
  return {
    readNew,
    finish: async () => {
      try {
        signal.throwIfAborted();
        readNew();
        await Promise.all(readers.map((reader) => reader.done()));
        signal.throwIfAborted();
      } finally {
        signal.removeEventListener('abort', endAll);
        await Promise.all(workers.map((worker) => worker.terminate()));
      }
    },
  };
}

/** As many as the system lets us have: fewer read the same files. */
function startThreads({ root, threads, start = startDigestWorker }: ThreadsRequest): Worker[] {
  const workers: Worker[] = [];
  try {
    while (workers.length < threads) workers.push(start(root));
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

function* batchesOf({ paths, rows }: UnreadFiles, from: number): Generator<Batch> {
  let start = from;
  let bytes = 0;
  for (let at = from; at < paths.length; at += 1) {
    bytes += rows.size(at);
    if (at + 1 - start < batchFiles && bytes < batchBytes && at + 1 < paths.length) continue;
    yield { start, end: at + 1 };
    start = at + 1;
    bytes = 0;
  }
}

/** One thread, which answers for its batches in the order in which it was given them. */
interface Reader {
  read(batch: Batch): void;
  /** Files that it has not answered for. */
  pending(): number;
  /** Resolves when there are none. */
  done(): Promise<void>;
}

function createReader(worker: Worker, files: UnreadFiles, request: ThreadsRequest): Reader {
  const batches: Batch[] = [];
  let asked = false;
  let settle = (): void => undefined;
  const done = new Promise<void>((resolve, reject) => {
    settle = () => {
      if (asked && batches.length === 0) resolve();
    };
    worker.on('error', reject);
    worker.on('exit', () => {
      if (request.signal.aborted) reject(request.signal.reason as Error);
      else reject(new SourceError('source/unreadable', 'a thread that reads the sources ended by itself'));
    });
  });
  // Whoever waits for it hears of a failure; it may come while nobody does.
  done.catch(() => undefined);
  worker.on('message', (answer: DigestAnswer) => {
    const batch = batches.shift();
    if (batch !== undefined) tellAll(answer, batch, request);
    settle();
  });
  return {
    read: (batch) => {
      batches.push(batch);
      worker.postMessage(taskOf(files, batch));
    },
    pending: () => batches.reduce((sum, { start, end }) => sum + end - start, 0),
    done: () => {
      asked = true;
      settle();
      return done;
    },
  };
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
