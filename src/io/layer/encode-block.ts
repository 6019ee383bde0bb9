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
}

/** The encoder's own bytes, the caller's to keep. Encoders are made once for each compression and kept. */
export function createBlockEncoders(): (task: BlockToEncode) => Promise<Uint8Array> {
  const encoders = new Map<string, Promise<Encoder>>();
  return async ({ compression, block, history }) => {
    const name = `${compression.type} ${compression.level}`;
    let encoder = encoders.get(name);
    if (encoder === undefined) {
      encoder = createEncoder(compression);
      encoders.set(name, encoder);
    }
    return (await encoder).encode(block, history);
  };
}

/** What deflate and zstd encoders have in common; a frame of zstd has no use for history. */
interface Encoder {
  encode(block: Uint8Array, history: Uint8Array): Uint8Array;
}

async function createEncoder({ type, level }: EncodedCompression): Promise<Encoder> {
  if (type === 'zstd') return createZstdEncoder(level);
  if (!isDeflateLevel(level)) throw new Bug(`${level} is not a gzip level`);
  return createDeflateEncoder(level);
}
