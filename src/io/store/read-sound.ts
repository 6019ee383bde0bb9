/**
 * Reading a blob as something: a layer, a document. Who reads stops where the bytes make no sense, and so before the
 * store has seen the last of them and can tell that they are not the blob's.
 */
import type { Digest } from '../../core/digest/digest.ts';
import { Failure } from '../../core/diagnostic/failure.ts';
import type { BlobStore } from './store.ts';
import { StoreError } from './store-error.ts';

/**
 * Gives the blob's bytes to `use`. Where that fails on a blob that is corrupt, the failure is StoreError
 * `store/blob-corrupt`, the blob is in quarantine, and the next reader gets a new one.
 */
export async function readSound<T>(
  blobs: Pick<BlobStore, 'read'>,
  digest: Digest,
  use: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  try {
    return await use(blobs.read(digest));
  } catch (error) {
    if (error instanceof Failure && !(error instanceof StoreError)) await readToEnd(blobs.read(digest));
    throw error;
  }
}

async function readToEnd(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const iterator = chunks[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}
