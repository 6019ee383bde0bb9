/**
 * A lease says that a build is using the store, so that garbage collection beside it leaves alone what the build uses.
 * A file `leases/OWNER` with the time the store was opened; it ends with `release`, or with its process, however that
 * ends (process-owner.ts): no lease has to time out, so no clock can be wrong about it.
 */
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from './folder-names.ts';
import { removeQuietly } from './durable-file.ts';
import { ownedName, ownerOf, standingOf } from './process-owner.ts';
import { storeErrorOf } from './store-error.ts';
import { type StoreFolder, temporaryPath } from './store-folder.ts';

export interface Lease {
  /** Never throws; idempotent. */
  release(): void;
}

/** In a store that is read-only there is nothing to protect from us, and no lease is written. */
export async function takeLease(folder: StoreFolder): Promise<Lease> {
  if (!folder.writable) return { release: () => undefined };
  const path = join(folder.path, 'leases', ownedName());
  const temporary = temporaryPath(folder);
  const record = JSON.stringify({ formatVersion: 1, startedAt: folder.openedAt });
  try {
    // Not synced: a power cut ends this process too, and with it the lease.
    writeFileSync(temporary, record, { flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    throw storeErrorOf(error, 'taking a lease on the store', folder.path);
  }
  return {
    release: () => {
      removeQuietly(path);
    },
  };
}

/** When the earliest living build opened the store, milliseconds since 1970; Infinity where none is at work. */
export function earliestLease(folder: StoreFolder): number {
  const times = ownedFiles(folder, 'leases')
    .filter((file) => !file.abandoned)
    .map((file) => Math.min(startedAt(file.path), file.writtenAt));
  return Math.min(Infinity, ...times);
}

/** How many living owners hold a lease, this process included. */
export function countLeases(folder: StoreFolder): number {
  return ownedFiles(folder, 'leases').filter((file) => !file.abandoned).length;
}

/** Removes what dead processes left in `tmp/` and `leases/`; returns how many files. */
export function reclaimAbandoned(folder: StoreFolder): number {
  const files = [...ownedFiles(folder, 'tmp'), ...ownedFiles(folder, 'leases')];
  const abandoned = files.filter((file) => file.abandoned);
  for (const file of abandoned) removeQuietly(file.path);
  return abandoned.length;
}

interface OwnedFile {
  readonly path: string;
  readonly writtenAt: number;
  readonly abandoned: boolean;
}

const day = 24 * 60 * 60 * 1000;

function ownedFiles(folder: StoreFolder, part: 'tmp' | 'leases'): OwnedFile[] {
  const files: OwnedFile[] = [];
  for (const name of namesIn(join(folder.path, part))) {
    const path = join(folder.path, part, name);
    const writtenAt = modifiedAt(path);
    if (writtenAt === undefined) continue;
    files.push({ path, writtenAt, abandoned: isAbandoned(name, folder.now() - writtenAt) });
  }
  return files;
}

/** Whoever cannot be asked, being in another container, has a day. */
function isAbandoned(name: string, age: number): boolean {
  const owner = ownerOf(name);
  const standing = owner === undefined ? 'unknown' : standingOf(owner);
  return standing === 'gone' || (standing === 'unknown' && Math.abs(age) > day);
}

function startedAt(path: string): number {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const started = typeof value === 'object' && value !== null && 'startedAt' in value ? value.startedAt : 0;
    return typeof started === 'number' ? started : 0;
  } catch {
    return 0;
  }
}

function modifiedAt(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return undefined;
  }
}
