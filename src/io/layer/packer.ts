/**
 * What all layers of a build are packed with: one budget of memory, one set of threads. Threads are started by the
 * first layer that is worth it; a small one is encoded where it is read, sooner than a thread would have started.
 */
import { createBlockPool, type BlockPool } from './block-pool.ts';
import { type BlockToEncode, createBlockEncoders } from './encode-block.ts';
import { createEncoderThreads } from './encoder-threads.ts';

export interface Packer {
  readonly blocks: BlockPool;
  /**
   * The encoded bytes of one block, of a layer whose tar has `tarBytes`; theirs until the block is given back. Always
   * settles, and nothing touches the block afterwards. Rejects with LayerError `layer/cannot-compress`.
   */
  encode(request: BlockToEncode, tarBytes: number): Promise<Uint8Array>;
  /** Ends the threads. */
  close(): Promise<void>;
}

/** A thread takes about as long to start as this many bytes to encode. */
const smallTarBytes = 2 * 1024 * 1024;
/** Two blocks of gzip. Blocks of zstd are twice as large: of them there is one for each thread and one that is filled. */
const budgetPerThread = 4 * 1024 * 1024;
/** More threads than the one reading thread feeds would only take memory. */
const mostThreads = 16;

/** `threads` is how many encode at once, from 1 on; they are `jobs` of the build. */
export function createPacker({ threads: wanted }: { readonly threads: number }): Packer {
  const most = Math.min(wanted, mostThreads);
  const encodeHere = createBlockEncoders();
  const threads = createEncoderThreads(most);
  return {
    blocks: createBlockPool({ bytes: (most + 1) * budgetPerThread, atLeast: most + 1 }),
    encode: (request, tarBytes) =>
      tarBytes <= smallTarBytes ? encodeHere(request) : threads.encode(request),
    close: () => threads.close(),
  };
}
