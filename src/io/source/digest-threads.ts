/**
 * Digests of many files on several threads, while a walk still finds more of them; once it has ended, its own thread
 * reads too. Whoever has the fewest files before him is given the next; answers come in any order and are put where
 * their files are, so nothing depends on who was quick.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import {
  type Batch,
  batchesOf,
  filesOf,
  type ReadBatch,
  type ReadFile,
  readBatch,
  tellBatch,
  type UnreadFiles,
} from './digest-batch.ts';
import type { FileReader } from './digest-file.ts';
import type { DigestAnswer, DigestTask } from './digest-worker.ts';
import { SourceError } from './source-error.ts';
import { startDigestWorker } from './start-digest-worker.ts';
import { StatRows } from './stat-rows.ts';

export interface ThreadsRequest {
  /** The context: absolute and real. */
  readonly root: string;
  /** Beside the one that calls. */
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Reads a file on the thread that calls. */
  readonly read: FileReader;
  /** Told of each file, in any order; `at` is its position. */
  readonly onRead: (at: number, file: ReadFile) => void;
  /** Starts a thread; the bundled one if absent. */
  readonly start?: (root: string) => Worker;
}

/** Threads that read while more files are found. */
export interface DigestThreads {
  /** Has the files read that were found since the last call. */
  readNew(): void;
  /**
   * Reads with them, and resolves when all files have been told of. Rejects where a thread ends by itself, and with
   * the signal's reason. No thread is left afterwards.
   */
  finish(): Promise<void>;
}

/** Batches that a thread has before it: while a walk lets answers in 20 times a second, and while it is over. */
const ahead = { walking: 4, reading: 2 } as const;

/** Undefined where not one thread can be started. `files` may grow, and only that, until `finish` is called. */
export function startDigestThreads(files: UnreadFiles, request: ThreadsRequest): DigestThreads | undefined {
  const { signal } = request;
  const workers = startThreads(request);
  if (workers.length === 0) return undefined;
  const endAll = (): void => {
    for (const worker of workers) void worker.terminate();
  };
  signal.addEventListener('abort', endAll);
  const work: Work = { files, request, batches: [], found: 0, most: ahead.walking, readers: [] };
  work.readers.push(...workers.map((worker) => createReader(worker, work)));
  return {
    readNew: () => {
      addNew(work);
    },
    finish: async () => {
      try {
        signal.throwIfAborted();
        work.most = ahead.reading;
        addNew(work);
        await Promise.all([readHere(work), ...work.readers.map((reader) => reader.done())]);
        signal.throwIfAborted();
      } finally {
        work.batches.length = 0;
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

interface Work {
  readonly files: UnreadFiles;
  readonly request: ThreadsRequest;
  /** That nobody has been given. */
  readonly batches: Batch[];
  /** How many files are in batches, or were. */
  found: number;
  /** Batches that a thread may have before it. */
  most: number;
  readonly readers: Reader[];
}

function addNew(work: Work): void {
  for (const batch of batchesOf(work.files, work.found)) {
    work.batches.push(batch);
    work.found = batch.end;
  }
  giveOut(work);
}

function giveOut({ batches, most, readers }: Work): void {
  for (;;) {
    const [idlest] = readers.toSorted((one, other) => one.pending() - other.pending());
    if (idlest === undefined || idlest.pending() >= most) return;
    const batch = batches.shift();
    if (batch === undefined) return;
    idlest.read(batch);
  }
}

/** Until nothing is left to give out. Answers come in between two batches. */
async function readHere({ batches, files, request }: Work): Promise<void> {
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
    tellBatch(readBatch(request.read, filesOf(files, batch)), batch, request.onRead);
    await nextTurn();
  }
}

/** One thread, which answers for its batches in the order in which it was given them. */
interface Reader {
  read(batch: Batch): void;
  /** Batches that it has not answered for. */
  pending(): number;
  /** Resolves when there are none, and will be none. */
  done(): Promise<void>;
}

function createReader(worker: Worker, work: Work): Reader {
  const { files, request } = work;
  const given: Batch[] = [];
  let asked = false;
  let settle = (): void => undefined;
  const done = new Promise<void>((resolve, reject) => {
    settle = () => {
      if (asked && given.length === 0) resolve();
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
    const batch = given.shift();
    if (batch === undefined) return;
    giveOut(work);
    tellBatch(readBatchOf(answer, batch), batch, request.onRead);
    settle();
  });
  return {
    read: (batch) => {
      given.push(batch);
      worker.postMessage(taskOf(files, batch));
    },
    pending: () => given.length,
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

function readBatchOf({ rows, failures }: DigestAnswer, { start, end }: Batch): ReadBatch {
  return { rows: StatRows.from(rows, end - start), failures };
}
