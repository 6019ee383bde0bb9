/**
 * Our BlockEncoder: hands blocks to the WebAssembly of assembly/ and takes the output. One instance, with its memory
 * of under 3 MiB, serves all encoders of a thread, since a call leaves nothing behind that the next one sees.
 */
import { type BlockEncoder, blockBytes, type DeflateLevel, historyBytes } from './block-encoder.ts';
import { Bug } from '../diagnostic/bug.ts';
import { type EncoderInstance, instantiateEncoder } from './encoder-instance.ts';
import { levelSettings } from './level-settings.ts';

let shared: EncoderInstance | undefined;

/** Views over shared memory may be handed to it. */
export function createDeflateEncoder(level: DeflateLevel): BlockEncoder {
  return {
    encode: (block, history) => {
      shared ??= instantiateEncoder();
      return encodeWith(shared, { level, block, history });
    },
  };
}

export interface BlockInput {
  readonly level: DeflateLevel;
  readonly block: Uint8Array;
  readonly history: Uint8Array;
}

/** The result is a copy, and the caller's. */
export function encodeWith(instance: EncoderInstance, { level, block, history }: BlockInput): Uint8Array {
  if (block.length === 0 || block.length > blockBytes || history.length > historyBytes) {
    throw new Bug(`the encoder was given ${block.length} bytes after ${history.length}`);
  }
  const { memory, map } = instance;
  const { depth, nextDepth, nice } = levelSettings[level];
  const start = addressOf(map, 'inputStart') + historyBytes;
  memory.set(history, start - history.length);
  memory.set(block, start);
  instance.setEffort(depth, nextDepth, nice);
  const length = instance.deflate(history.length, block.length);
  const output = addressOf(map, 'outputStart');
  return memory.slice(output, output + length);
}

function addressOf(map: EncoderInstance['map'], name: string): number {
  const address = map[name];
  if (address === undefined) throw new Bug(`the encoder has no ${name}`);
  return address;
}
