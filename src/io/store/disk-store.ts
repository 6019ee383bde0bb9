/**
 * A store on disk. Commit is: a temporary name in the same file system, hashed while written, the file synced, renamed,
 * the folder synced, then recorded as a result. There are no locks and no database: builds at once share a store, and
 * losing a race costs duplicate work, never correctness.
 */
import { diskBlobs } from './disk-blobs.ts';
import { diskResults } from './disk-results.ts';
import { reclaimAbandoned } from './lease.ts';
import type { Store } from './store.ts';
import { type DiskStoreOptions, openStoreFolder, type StoreFolder } from './store-folder.ts';
import { storeErrorOf } from './store-error.ts';

export interface DiskStore extends Store {
  /** What lease.ts, index-file.ts, collect-garbage.ts, store-facts.ts and verify-store.ts work on. */
  readonly folder: StoreFolder;
}

/**
 * Opens the store at `path`, creating it with mode 0700 where it is not there, and removes what killed builds left in
 * `tmp/`. A folder that cannot be written still opens and can be read; writing to it is `store/read-only`.
 * Throws StoreError: `store/not-ours`, `store/no-permission`, `store/full`, …
 */
export async function openDiskStore(path: string, options: DiskStoreOptions = {}): Promise<DiskStore> {
  const folder = await openStoreFolder(path, options);
  try {
    if (folder.writable) reclaimAbandoned(folder);
  } catch (error) {
    throw storeErrorOf(error, 'opening the store', path);
  }
  return { folder, blobs: diskBlobs(folder), results: diskResults(folder) };
}
