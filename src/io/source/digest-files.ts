/**
 * Digests of files that no index knows: one after the other, or on threads where there is so much to read that
 * starting them is repaid, and the system has threads to give. Which way it went shows in nothing but the time.
 */
import { batchesOf, filesOf, type ReadFile, readBatch, tellBatch, type UnreadFiles } from './digest-batch.ts';
import type { DigestThreads } from './digest-threads.ts';
import { createBreather, type Reading } from './reading.ts';

/** Fewer files and bytes than that are read here: a thread takes some 30 ms to start. */
const manyFiles = 4_000;
const manyBytes = 64 * 1024 * 1024;

/** Reads files while a walk finds them. */
export interface FilesReader {
  /** To be called now and then while more files are found: has those read that are there, once they are many. */
  readAhead(): Promise<void>;
  /** To be called when there are no more: resolves when all have been told of. Rejects when it is aborted. */
  finish(): Promise<void>;
}

/** Tells of each file, in any order; `at` is its position in `files`, which grow until `finish`. */
export function createFilesReader(
  files: UnreadFiles,
  reading: Reading,
  onRead: (at: number, file: ReadFile) => void,
): FilesReader {
  const tell = (at: number, file: ReadFile): void => {
    const path = files.paths[at];
    if (path !== undefined && 'rows' in file) reading.statIndex.recordRow(path, file.rows, file.row);
    onRead(at, file);
  };
  let threads: DigestThreads | undefined;
  let tried = false;
  const readAhead = async (): Promise<void> => {
    if (!tried && reading.threads > 1 && isMuch(files)) {
      tried = true;
      threads = await startThreads(files, reading, tell);
    }
    threads?.readNew();
  };
  return {
    readAhead,
    finish: async () => {
      await readAhead();
      await (threads === undefined ? readHere(files, reading, tell) : threads.finish());
    },
  };
}

/** Loaded only where there is much to read. */
async function startThreads(
  files: UnreadFiles,
  { context: root, threads, signal, digester }: Reading,
  onRead: (at: number, file: ReadFile) => void,
): Promise<DigestThreads | undefined> {
  const { startDigestThreads } = await import('./digest-threads.ts');
  const beside = Math.min(threads - 1, mostThreads);
  return startDigestThreads(files, { root, threads: beside, signal, onRead, read: digester.read });
}

/** Beside the thread that walks; more of them wait for the disk, or for one another. */
const mostThreads = 4;

function isMuch({ paths, rows }: UnreadFiles): boolean {
  if (paths.length >= manyFiles) return true;
  let bytes = 0;
  for (let row = 0; row < rows.length; row += 1) bytes += rows.size(row);
  return bytes >= manyBytes && paths.length > 1;
}

async function readHere(
  files: UnreadFiles,
  { digester, signal }: Reading,
  onRead: (at: number, file: ReadFile) => void,
): Promise<void> {
  const breathe = createBreather(signal);
  for (const batch of batchesOf(files, 0)) {
    tellBatch(readBatch(digester.read, filesOf(files, batch)), batch, onRead);
    const pause = breathe();
    if (pause !== undefined) await pause;
  }
}
