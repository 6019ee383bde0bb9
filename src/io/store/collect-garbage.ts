/**
 * Garbage collection: removes results that were not used for a while, then blobs that no remaining result holds. What a
 * living build has used since it opened the store stays (lease.ts), and so does whatever is younger than the limit.
 * Nobody is locked out: who finds a blob gone treats it as not there.
 */
import { lstatSync, readdirSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '../../core/digest/digest.ts';
import { requireWritable } from './disk-blob-writer.ts';
import { listResults, type StoredResult } from './disk-results.ts';
import type { DiskStore } from './disk-store.ts';
import { isAbsent } from './file-problem.ts';
import { earliestLease, reclaimAbandoned } from './lease.ts';
import type { BlobFacts } from './store.ts';
import { digestsIn } from './result-record.ts';
import { storeErrorOf } from './store-error.ts';
import { blobPath, type StoreFolder } from './store-folder.ts';

export interface GarbageOptions {
  /** Milliseconds since its last use that anything is kept; 0 keeps what results hold that a living build uses. */
  readonly keepYoungerThan: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface CollectedGarbage {
  readonly results: readonly { readonly kind: string; readonly key: Digest }[];
  readonly blobs: readonly BlobFacts[];
  /** Files that dead builds left, and corrupt entries that were in quarantine. */
  readonly leftovers: number;
  /** Bytes of blobs and results. */
  readonly bytes: number;
}

export async function collectGarbage(store: DiskStore, options: GarbageOptions): Promise<CollectedGarbage> {
  const { folder } = store;
  requireWritable(folder);
  try {
    const usedBefore = keepLimit(folder, options);
    const leftovers = reclaimAbandoned(folder) + emptyQuarantine(folder, usedBefore);
    const { removed, kept } = sortResults(folder, usedBefore);
    const results = removed.filter((result) => removeUnused(result.path, usedBefore));
    const blobs = await removeBlobs(
      store,
      new Set(kept.flatMap((result) => digestsIn(result.value))),
      usedBefore,
    );
    const bytes = [...results, ...blobs].reduce((sum, { size }) => sum + size, 0);
    return { results: results.map(({ kind, key }) => ({ kind, key })), blobs, leftovers, bytes };
  } catch (error) {
    throw storeErrorOf(error, 'collecting garbage in', folder.path);
  }
}

// File times come from a clock that ticks more coarsely than ours (4 ms on common kernels, 2 s on FAT).
const clockTick = 2000;

/** What was last used before this time may go. */
function keepLimit(folder: StoreFolder, { keepYoungerThan, now }: GarbageOptions): number {
  return Math.min(now - keepYoungerThan, earliestLease(folder) - clockTick);
}

function sortResults(
  folder: StoreFolder,
  usedBefore: number,
): { removed: readonly StoredResult[]; kept: readonly StoredResult[] } {
  const all = listResults(folder);
  return {
    removed: all.filter((result) => result.usedAt < usedBefore),
    kept: all.filter((result) => result.usedAt >= usedBefore),
  };
}

async function removeBlobs(
  store: DiskStore,
  held: ReadonlySet<Digest>,
  usedBefore: number,
): Promise<BlobFacts[]> {
  const removed: BlobFacts[] = [];
  for await (const facts of store.blobs.list()) {
    if (!held.has(facts.digest) && removeUnused(blobPath(store.folder, facts.digest), usedBefore)) {
      removed.push(facts);
    }
  }
  return removed;
}

/** Looks at the time of use once more, right before it removes: a build may have found the file meanwhile. */
function removeUnused(path: string, usedBefore: number): boolean {
  try {
    if (lstatSync(path).mtimeMs >= usedBefore) return false;
    unlinkSync(path);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

function emptyQuarantine(folder: StoreFolder, usedBefore: number): number {
  const paths = readdirSync(join(folder.path, 'quarantine')).map((name) =>
    join(folder.path, 'quarantine', name),
  );
  const old = paths.filter((path) => lstatSync(path).ctimeMs < usedBefore);
  for (const path of old) rmSync(path, { recursive: true, force: true });
  return old.length;
}
