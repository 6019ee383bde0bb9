/**
 * Results on disk, one small file each at `results/KIND/ALGORITHM-HEX.json`. A file is synced before it gets its name,
 * so no torn record stands under one; the folder is not synced, since a result that a power cut takes is only a miss.
 */
import { lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bug } from '../../core/diagnostic/bug.ts';
import { algorithmOf, type Digest, encodedOf, parseDigest } from '../../core/digest/digest.ts';
import { namesIn } from './folder-names.ts';
import { requireWritable } from './disk-blob-writer.ts';
import { touch } from './disk-blobs.ts';
import { replaceFile } from './durable-file.ts';
import { isAbsent } from './file-problem.ts';
import { quarantine } from './quarantine.ts';
import { decodeRecord, encodeRecord, type ResultRecord } from './result-record.ts';
import type { ResultCache } from './store.ts';
import { storeErrorOf } from './store-error.ts';
import { type StoreFolder, temporaryPath } from './store-folder.ts';

/** A result as it stands on disk. */
export interface StoredResult extends ResultRecord {
  readonly path: string;
  /** Bytes of the file. */
  readonly size: number;
  /** When it was made or last used by a build, milliseconds since 1970. */
  readonly usedAt: number;
}

export function diskResults(folder: StoreFolder): ResultCache {
  return {
    get: (kind, key) =>
      Promise.resolve().then(() => {
        const stored = readResult(folder, { kind, key });
        if (stored !== undefined) touch(folder, stored.path, { mtimeMs: stored.usedAt });
        return stored?.value;
      }),
    put: (kind, key, value) => putResult(folder, { kind, key, value }),
  };
}

/** Every readable result, or those of some kinds, by kind and key in byte order. Corrupt ones are quarantined on the way. */
export function listResults(
  folder: StoreFolder,
  kinds: readonly string[] = namesIn(join(folder.path, 'results')).filter(isKind),
): StoredResult[] {
  const found: StoredResult[] = [];
  for (const kind of kinds) {
    for (const name of namesIn(join(folder.path, 'results', kind))) {
      const key = keyOfName(name);
      const stored = key === undefined ? undefined : readResult(folder, { kind, key });
      if (stored !== undefined) found.push(stored);
    }
  }
  return found;
}

function readResult(folder: StoreFolder, name: { kind: string; key: Digest }): StoredResult | undefined {
  const path = resultPath(folder, name.kind, name.key);
  try {
    const found = lstatSync(path);
    if (!found.isFile()) {
      quarantine(folder, { path, found, reason: 'is no regular file' });
      return undefined;
    }
    const decoded = decodeRecord(readFileSync(path), name);
    if (decoded.found === 'unknown-version') return undefined;
    if (decoded.found === 'corrupt') {
      quarantine(folder, { path, found, reason: decoded.reason });
      return undefined;
    }
    return { ...decoded.record, path, size: found.size, usedAt: found.mtimeMs };
  } catch (error) {
    // An unreadable record is a miss, whatever the reason; what is wrong with the disk shows when a result is written.
    if (!isAbsent(error)) discardUnreadable(folder, path);
    return undefined;
  }
}

function discardUnreadable(folder: StoreFolder, path: string): void {
  try {
    quarantine(folder, { path, found: lstatSync(path), reason: 'cannot be read' });
  } catch {
    // Not even its name can be read.
  }
}

async function putResult(folder: StoreFolder, record: ResultRecord): Promise<void> {
  requireWritable(folder);
  const path = resultPath(folder, record.kind, record.key);
  try {
    mkdirSync(join(folder.path, 'results', record.kind), { recursive: true, mode: 0o700 });
    await replaceFile(path, encodeRecord(record), temporaryPath(folder));
  } catch (error) {
    throw storeErrorOf(error, 'writing a result to', path);
  }
}

function resultPath(folder: StoreFolder, kind: string, key: Digest): string {
  if (!isKind(kind)) throw new Bug(`${kind} is no kind of result`);
  return join(folder.path, 'results', kind, `${algorithmOf(key)}-${encodedOf(key)}.json`);
}

function isKind(kind: string): boolean {
  return /^[a-z][a-z0-9-]{0,63}$/.test(kind);
}

function keyOfName(name: string): Digest | undefined {
  const match = /^(sha256|sha512)-([0-9a-f]+)\.json$/.exec(name);
  const parsed = match === null ? undefined : parseDigest(`${match[1] ?? ''}:${match[2] ?? ''}`);
  return parsed?.ok === true ? parsed.digest : undefined;
}
