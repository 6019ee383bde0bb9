/** Encodes single blocks on the thread that calls; worker threads and the main one share this code. */
import { isDeflateLevel } from '../../core/deflate/block-encoder.ts';
import { createDeflateEncoder } from '../../core/deflate/deflate-encoder.ts';
import { Bug } from '../../core/diagnostic/bug.ts';
import type { Compression } from '../../core/recipe/recipe.ts';
import { createZstdEncoder } from './zstd-encoder.ts';

/** Any but `none`. */
export type EncodedCompression = Exclude<Compression, { readonly type: 'none' }>;

export interface BlockToEncode {
  readonly compression: EncodedCompression;
  readonly block: Uint8Array;
  /** What stands before the block. */
  readonly history: Uint8Array;
  /** Room for what the block becomes: geometryOf(compression).encodedBytes. */
  readonly output: Uint8Array;
}

/** The encoded bytes, at the start of `output`. Encoders are made once for each compression and kept. */
export function createBlockEncoders(): (task: BlockToEncode) => Promise<Uint8Array> {
  const encoders = new Map<string, Promise<Encode>>();
  return async (task) => {
    const { type, level } = task.compression;
    const name = `${type} ${level}`;
    let encode = encoders.get(name);
    if (encode === undefined) {
      encode = createEncoder(task.compression);
      encoders.set(name, encode);
    }
    return (await encode)(task);
  };
}

type Encode = (task: BlockToEncode) => Uint8Array;

async function createEncoder({ type, level }: EncodedCompression): Promise<Encode> {
  if (type === 'zstd') {
    const encoder = await createZstdEncoder(level);
    return ({ block, output }) => encoder.encode(block, output);
  }
  if (!isDeflateLevel(level)) throw new Bug(`${level} is not a gzip level`);
  const encoder = createDeflateEncoder(level);
  return ({ block, history, output }) => encoder.encode(block, history, output);
}
