/**
 * A thread that takes digests: is given paths of a context and what lstat said of them, reads each file as the main
 * thread would, and answers with what fstat said and the digest, or with the failure. Bundled into
 * dist/digest-worker.js (see start-digest-worker.ts).
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { ImagePath } from '../../core/tree/image-path.ts';
import { type FileFailure, readBatch } from './digest-batch.ts';
import { createFileReader } from './digest-file.ts';
import { createFolderGate } from './folder-gate.ts';
import { StatRows } from './stat-rows.ts';

/** Files to read; `rows` are the bytes of StatRows without digests, one for each path. */
export interface DigestTask {
  readonly paths: ImagePath[];
  readonly rows: Uint8Array;
}

/** A row for each path, as in ReadBatch. */
export interface DigestAnswer {
  readonly rows: Uint8Array;
  readonly failures: readonly FileFailure[];
}

const gate = createFolderGate((workerData as { readonly root: string }).root);
const read = createFileReader(gate, Date.now);

parentPort?.on('message', (task: DigestTask) => {
  parentPort?.postMessage(answer(task));
});

function answer({ paths, rows: bytes }: DigestTask): DigestAnswer {
  const { rows, failures } = readBatch(read, { paths, rows: StatRows.from(bytes, paths.length) });
  return { rows: Buffer.concat(rows.bytes()), failures };
}
