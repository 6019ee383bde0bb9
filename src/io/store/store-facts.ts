/** What `cache du` and `cache ls` say of a store. Reading facts changes nothing and verifies nothing. */
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '../../core/digest/digest.ts';
import { namesIn } from './folder-names.ts';
import { listResults } from './disk-results.ts';
import type { DiskStore } from './disk-store.ts';
import { earliestLease } from './lease.ts';
import { digestsIn } from './result-record.ts';
import { storeErrorOf } from './store-error.ts';

export interface Amount {
  readonly count: number;
  readonly bytes: number;
}

export interface StoreFacts {
  readonly path: string;
  readonly writable: boolean;
  readonly blobs: Amount;
  readonly results: Amount;
  /** Files being written now. */
  readonly temporary: Amount;
  /** Corrupt entries that were moved away. */
  readonly quarantined: Amount;
  /** Whether a living build uses the store. */
  readonly inUse: boolean;
}

/** One row of `cache ls`. */
export interface ResultRow {
  readonly kind: string;
  readonly key: Digest;
  /** The blobs that the result speaks of and that are there, and their bytes. */
  readonly holds: readonly Digest[];
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

export function readStoreFacts(store: DiskStore): StoreFacts {
  const { folder } = store;
  const amountIn = (part: string): Amount => amountBelow(join(folder.path, part));
  try {
    return {
      path: folder.path,
      writable: folder.writable,
      blobs: amountIn('blobs'),
      results: amountIn('results'),
      temporary: amountIn('tmp'),
      quarantined: amountIn('quarantine'),
      inUse: earliestLease(folder) !== Infinity,
    };
  } catch (error) {
    throw storeErrorOf(error, 'measuring', folder.path);
  }
}

/** Every result, by kind and key. */
export async function listStore(store: DiskStore): Promise<ResultRow[]> {
  const sizes = new Map<Digest, number>();
  for await (const { digest, size } of store.blobs.list()) sizes.set(digest, size);
  return listResults(store.folder).map(({ kind, key, value, usedAt }) => {
    const holds = [...new Set(digestsIn(value))].filter((digest) => sizes.has(digest));
    const bytes = holds.reduce((sum, digest) => sum + (sizes.get(digest) ?? 0), 0);
    return { kind, key, holds, usedAt, bytes };
  });
}

function amountBelow(path: string): Amount {
  let [count, bytes] = [0, 0];
  for (const name of namesIn(path)) {
    const found = lstatSync(join(path, name), { throwIfNoEntry: false });
    if (found === undefined) continue;
    const amount = found.isDirectory() ? amountBelow(join(path, name)) : { count: 1, bytes: found.size };
    count += amount.count;
    bytes += amount.bytes;
  }
  return { count, bytes };
}
