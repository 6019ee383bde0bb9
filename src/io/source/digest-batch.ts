/**
 * Files whose digests are to be taken, some hundred at a time: what a thread is given, and what it answers. Every
 * thread, the main one too, reads them by this code.
 */
import type { DiagnosticCode } from '../../core/diagnostic/catalogue.ts';
import { Failure } from '../../core/diagnostic/failure.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import type { FileReader } from './digest-file.ts';
import { SourceError } from './source-error.ts';
import { StatRows } from './stat-rows.ts';

/** Files, and what lstat said of each. */
export interface UnreadFiles {
  /** Relative to the context. */
  readonly paths: ImagePath[];
  /** A row for each path, without digests. */
  readonly rows: StatRows;
}

/** What became of a file: a row with what fstat said, its digest, and the moment before it was opened. */
export type ReadFile = { readonly rows: StatRows; readonly row: number } | { readonly failure: Failure };

/** Files from `start` up to `end`. */
export interface Batch {
  readonly start: number;
  readonly end: number;
}

const batchFiles = 256;
const batchBytes = 1 << 24;

/** All files from `from` on. */
export function* batchesOf({ paths, rows }: UnreadFiles, from: number): Generator<Batch> {
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

/** A row for each file of the batch, of zeros beside what lstat said where it failed. */
export interface ReadBatch {
  readonly rows: StatRows;
  readonly failures: readonly FileFailure[];
}

/** A failure as a message can carry it. */
export interface FileFailure {
  /** The position of its file in the batch. */
  readonly at: number;
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly help: string | undefined;
}

export function readBatch(read: FileReader, { paths, rows: seen }: UnreadFiles): ReadBatch {
  const rows = new StatRows();
  const failures: FileFailure[] = [];
  for (const [at, path] of paths.entries()) {
    try {
      const { stats, digest, readAt } = read(path, seen.stats(at));
      rows.setReadAt(rows.push(stats, digest), readAt);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { code, message, help } = error;
      failures.push({ at, code, message, help });
      rows.take(seen, at);
    }
  }
  return { rows, failures };
}

/** The files of a batch by themselves. */
export function filesOf({ paths, rows }: UnreadFiles, { start, end }: Batch): UnreadFiles {
  const own = new StatRows();
  for (let at = start; at < end; at += 1) own.take(rows, at);
  return { paths: paths.slice(start, end), rows: own };
}

/** Tells of each file of a batch by its position among all. */
export function tellBatch(
  { rows, failures }: ReadBatch,
  { start }: Batch,
  tell: (at: number, file: ReadFile) => void,
): void {
  const failed = new Map(failures.map((failure) => [failure.at, failure]));
  for (let row = 0; row < rows.length; row += 1) {
    const failure = failed.get(row);
    tell(start + row, failure === undefined ? { rows, row } : { failure: errorOf(failure) });
  }
}

function errorOf({ code, message, help }: FileFailure): SourceError {
  return new SourceError(code, message, help === undefined ? {} : { help });
}
