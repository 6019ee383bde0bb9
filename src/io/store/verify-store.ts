/**
 * `cache verify`: reads every blob and every result, as a build would, so that whatever is corrupt is quarantined now
 * and not when it is needed.
 */
import { join } from 'node:path';
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { parseDigest } from '../../core/digest/digest.ts';
import { namesIn } from './folder-names.ts';
import { listResults } from './disk-results.ts';
import { StoreError } from './store-error.ts';
import type { DiskStore } from './disk-store.ts';
import { diskBlobs } from './disk-blobs.ts';

export interface StoreVerdict {
  /** Entries that were read. */
  readonly blobs: number;
  readonly results: number;
  /** Bytes of blobs that were read. */
  readonly bytes: number;
  /** Each entry that was found corrupt, and is in quarantine unless the store is read-only. */
  readonly corrupt: readonly Diagnostic[];
}

/** Throws StoreError only where the disk fails; what is corrupt is in the verdict. */
export async function verifyStore({ folder: opened }: DiskStore): Promise<StoreVerdict> {
  const corrupt: Diagnostic[] = [];
  const folder = { ...opened, touched: new Set<string>(), warn: (found: Diagnostic) => corrupt.push(found) };
  let [blobs, bytes] = [0, 0];
  for (const algorithm of ['sha256', 'sha512']) {
    for (const name of namesIn(join(folder.path, 'blobs', algorithm))) {
      const parsed = parseDigest(`${algorithm}:${name}`);
      if (!parsed.ok) continue;
      blobs += 1;
      bytes += await readThrough(diskBlobs(folder).read(parsed.digest));
    }
  }
  const results = listResults(folder).length;
  return { blobs, results, bytes, corrupt };
}

async function readThrough(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  try {
    for await (const chunk of chunks) bytes += chunk.byteLength;
  } catch (error) {
    // Corrupt blobs were told to `warn`; ones that garbage collection took meanwhile are no fault.
    const expected = ['store/blob-corrupt', 'store/blob-missing'];
    if (!(error instanceof StoreError) || !expected.includes(error.code)) throw error;
  }
  return bytes;
}
