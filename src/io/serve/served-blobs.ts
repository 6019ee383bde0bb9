/** Blobs as they are served: out of one folder that takes pushes, and out of others that are only read. */
import { constants, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Digest } from '../../core/digest/digest.ts';
import { diskBlobs } from '../store/disk-blobs.ts';
import { isAbsent } from '../store/file-problem.ts';
import type { BlobReader, BlobStore } from '../store/store.ts';
import { blobMissing, storeErrorOf } from '../store/store-error.ts';
import { blobPath, type StoreFolder } from '../store/store-folder.ts';
import { readRange } from '../transport/folder-files.ts';
import type { ByteRange } from './byte-range.ts';
import { UploadFile } from './upload-file.ts';

export interface ServedBlobs extends BlobReader {
  /**
   * All bytes, but the last chunk only when they have turned out right: nobody ever gets the whole of a wrong blob.
   * Throws StoreError `store/blob-missing`, `store/blob-corrupt`.
   */
  read(digest: Digest): AsyncIterable<Uint8Array>;
  /** Some of the bytes, which nobody can verify but who gets the rest too. */
  readPart(digest: Digest, range: ByteRange): AsyncIterable<Uint8Array>;
  begin(): Promise<UploadFile>;
  /** Takes the bytes out of the folder that takes pushes; those of other folders stay. */
  remove(digest: Digest): void;
}

export function servedBlobs(own: StoreFolder, others: readonly StoreFolder[]): ServedBlobs {
  const places = [own, ...others].map((folder) => ({ folder, blobs: diskBlobs(folder) }));
  const placeOf = async (digest: Digest): Promise<{ folder: StoreFolder; blobs: BlobStore }> => {
    for (const place of places) if ((await place.blobs.size(digest)) !== undefined) return place;
    throw blobMissing(digest);
  };
  return {
    size: async (digest) => {
      for (const { blobs } of places) {
        const size = await blobs.size(digest);
        if (size !== undefined) return size;
      }
      return undefined;
    },
    read: async function* (digest) {
      yield* lastWhenRight((await placeOf(digest)).blobs.read(digest));
    },
    readPart: async function* (digest, range) {
      yield* readPart((await placeOf(digest)).folder, digest, range);
    },
    readAll: async (digest, limit) => (await placeOf(digest)).blobs.readAll(digest, limit),
    begin: () => UploadFile.open(own),
    remove: (digest) => {
      try {
        rmSync(blobPath(own, digest), { force: true });
      } catch (error) {
        throw storeErrorOf(error, 'removing a blob from', own.path);
      }
    },
  };
}

async function* lastWhenRight(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let held: Uint8Array | undefined;
  for await (const chunk of chunks) {
    if (held !== undefined) yield held;
    held = chunk;
  }
  if (held !== undefined) yield held;
}

async function* readPart(
  folder: StoreFolder,
  digest: Digest,
  { start, end }: ByteRange,
): AsyncIterable<Uint8Array> {
  const path = blobPath(folder, digest);
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    throw isAbsent(error) ? blobMissing(digest) : storeErrorOf(error, 'reading', path);
  });
  try {
    yield* readRange(file, { start, end: end + 1, path });
  } finally {
    await file.close();
  }
}
