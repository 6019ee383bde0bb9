/**
 * Digests of files that no index knows: one after the other, or on threads where there is so much to read that
 * starting them is repaid, and the system has threads to give. Which way it went shows in nothing but the time.
 */
import { Failure } from '../../core/diagnostic/failure.ts';
import type { ReadFile, UnreadFiles } from './digest-threads.ts';
import { createBreather, type Reading } from './reading.ts';

/** Fewer files and bytes than that are read here: a thread takes some 30 ms to start. */
const manyFiles = 4_000;
const manyBytes = 64 * 1024 * 1024;

/** Tells of each file, in any order; `at` is its position. Rejects when it is aborted. */
export async function digestFiles(
  files: UnreadFiles,
  reading: Reading,
  onRead: (at: number, file: ReadFile) => void,
): Promise<void> {
  if (reading.threads < 2 || !isMuch(files)) return digestHere(files, reading, onRead);
  const { context: root, threads, signal, statIndex } = reading;
  const { readOnThreads } = await import('./digest-threads.ts');
  const read = await readOnThreads(files, {
    root,
    threads: Math.min(threads, mostThreads),
    signal,
    onRead: (at, file) => {
      const path = files.paths[at];
      if (path !== undefined && 'facts' in file) statIndex.record(path, file.facts);
      onRead(at, file);
    },
  });
  if (!read) await digestHere(files, reading, onRead);
}

/** More of them wait for the disk, or for one another. */
const mostThreads = 4;

function isMuch({ paths, rows }: UnreadFiles): boolean {
  if (paths.length >= manyFiles) return true;
  let bytes = 0;
  for (let row = 0; row < rows.length; row += 1) bytes += rows.size(row);
  return bytes >= manyBytes && paths.length > 1;
}

async function digestHere(
  { paths, rows }: UnreadFiles,
  { digester, signal }: Reading,
  onRead: (at: number, file: ReadFile) => void,
): Promise<void> {
  const breathe = createBreather(signal);
  for (const [at, path] of paths.entries()) {
    try {
      onRead(at, { facts: digester.digest(path, rows.stats(at)) });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      onRead(at, { failure: error });
    }
    const pause = breathe();
    if (pause !== undefined) await pause;
  }
}
