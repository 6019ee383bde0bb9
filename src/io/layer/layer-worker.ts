/**
 * The thread that compresses: takes blocks in shared memory, encodes them, says how long each became. It reads nothing
 * but messages and ends when its owner ends it. Bundled into dist/layer-worker.js (see start-worker.ts).
 */
import { parentPort } from 'node:worker_threads';
import type { DiagnosticCode } from '../../core/diagnostic/catalogue.ts';
import { LayerError } from '../../core/tar/layer-error.ts';
import { type BlockToEncode, createBlockEncoders } from './encode-block.ts';

/** One block to encode; its arrays are shared with the sender. */
export interface WorkerTask extends BlockToEncode {
  readonly id: number;
}

export type WorkerAnswer =
  { readonly id: number; readonly length: number } | { readonly id: number; readonly problem: WorkerProblem };

/** A failure as a message can carry it; without a code where it is none of ours. */
export interface WorkerProblem {
  readonly message: string;
  readonly code?: DiagnosticCode;
  readonly help?: string | undefined;
}

const encode = createBlockEncoders();

parentPort?.on('message', (task: WorkerTask) => {
  void answer(task).then((message) => parentPort?.postMessage(message));
});

async function answer(task: WorkerTask): Promise<WorkerAnswer> {
  const { id } = task;
  try {
    return { id, length: (await encode(task)).length };
  } catch (error) {
    return { id, problem: problemOf(error) };
  }
}

function problemOf(error: unknown): WorkerProblem {
  if (error instanceof LayerError) return { message: error.message, code: error.code, help: error.help };
  return { message: error instanceof Error ? error.message : String(error) };
}
