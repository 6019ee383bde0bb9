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
    encode: (block, history, output) => {
      shared ??= instantiateEncoder();
      return encodeWith(shared, { level, block, history, output });
    },
  };
}

export interface BlockInput {
  readonly level: DeflateLevel;
  readonly block: Uint8Array;
  readonly history: Uint8Array;
  /** Room for the result; without it the result is an array of its own. */
  readonly output?: Uint8Array | undefined;
}

/** The result is a copy, and the caller's. */
export function encodeWith(instance: EncoderInstance, input: BlockInput): Uint8Array {
  const { level, block, history } = input;
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
  const address = addressOf(map, 'outputStart');
  if (input.output === undefined) return memory.slice(address, address + length);
  input.output.set(memory.subarray(address, address + length));
  return input.output.subarray(0, length);
}

function addressOf(map: EncoderInstance['map'], name: string): number {
  const address = map[name];
  if (address === undefined) throw new Bug(`the encoder has no ${name}`);
  return address;
}
