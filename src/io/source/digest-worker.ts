/**
 * A thread that takes digests: is given paths of a context and what lstat said of them, reads each file as the main
 * thread would, and answers with what fstat said and the digest, or with the failure. Bundled into
 * dist/digest-worker.js (see start-digest-worker.ts).
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { DiagnosticCode } from '../../core/diagnostic/catalogue.ts';
import { Failure } from '../../core/diagnostic/failure.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import { createFileReader } from './digest-file.ts';
import { createFolderGate } from './folder-gate.ts';
import { StatRows } from './stat-rows.ts';

/** Files to read; `rows` are the bytes of StatRows without digests, one for each path. */
export interface DigestTask {
  readonly paths: readonly ImagePath[];
  readonly rows: Uint8Array;
}

/** A row for each path, of zeros where it failed. */
export interface DigestAnswer {
  readonly rows: Uint8Array;
  readonly failures: readonly FileFailure[];
}

export interface FileFailure {
  /** The position of its path. */
  readonly at: number;
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly help: string | undefined;
}

const gate = createFolderGate((workerData as { readonly root: string }).root);
const read = createFileReader(gate, Date.now);

parentPort?.on('message', (task: DigestTask) => {
  parentPort?.postMessage(answer(task));
});

function answer({ paths, rows }: DigestTask): DigestAnswer {
  const seen = StatRows.from(rows, paths.length);
  const found = new StatRows();
  const failures: FileFailure[] = [];
  for (const [at, path] of paths.entries()) {
    try {
      const { stats, digest, readAt } = read(path, seen.stats(at));
      found.setReadAt(found.push(stats, digest), readAt);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { code, message, help } = error;
      failures.push({ at, code, message, help });
      found.push(seen.stats(at));
    }
  }
  return { rows: Buffer.concat(found.bytes()), failures };
}
