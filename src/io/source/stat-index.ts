/**
 * Remembers the digests of files by what lstat says of them: path, size, mtime, ctime, inode, device and mode. A file
 * whose time is not clearly older than the moment at which it was read is never trusted, since a second change in the
 * same tick of the clock would look like the first (git's rule: Documentation/technical/racy-git).
 *
 * One file for one context. It is a cache: corrupt, of another version or of another context, it is empty; of builds at
 * the same time the last to save wins, and what the others knew is read again.
 */
import { randomBytes } from 'node:crypto';
import { type BigIntStats, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Digest, encodedOf } from '../../core/digest/digest.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import { nativeDigestOf } from '../store/native-hasher.ts';
import { decodeStatTable, encodeStatTable, type StatRecord } from './stat-table.ts';

export interface StatIndex {
  /** The digest that the file had when it was read, where it cannot have changed since. */
  find(path: ImagePath, stats: BigIntStats): Digest | undefined;
  /** `readAt` is the moment before the file was opened, in milliseconds since 1970. */
  record(
    path: ImagePath,
    file: { readonly stats: BigIntStats; readonly digest: Digest; readonly readAt: number },
  ): void;
  /** Writes what is new; never throws, since the next build only has more to read. */
  save(): void;
}

/** The file of a context's index below a folder of the store. */
export function statIndexFile(folder: string, context: string): string {
  return join(folder, `${encodedOf(nativeDigestOf(Buffer.from(context))).slice(0, 32)}.stat`);
}

/** Never throws. `context` is the absolute path of the context, which stands in the file and nowhere else. */
export function loadStatIndex(place: { readonly file: string; readonly context: string }): StatIndex {
  const known = readTable(place);
  const used = new Set<string>();
  let changed = false;
  return {
    find: (path, stats) => {
      const record = known.get(path);
      if (record === undefined || !sameFile(record, stats) || isRacy(record)) return undefined;
      used.add(path);
      return record.digest;
    },
    record: (path, { stats, digest, readAt }) => {
      changed = true;
      used.add(path);
      const { size, mtimeNs, ctimeNs, ino, dev, mode } = stats;
      known.set(path, { size, mtimeNs, ctimeNs, ino, dev, mode, readAt, digest, unused: 0 });
    },
    save: () => {
      if (changed) writeTable(place, agedRecords(known, used));
      changed = false;
    },
  };
}

/** An index that knows nothing and keeps nothing, for `--no-cache` and for a store in memory. */
export function emptyStatIndex(): StatIndex {
  return { find: () => undefined, record: () => undefined, save: () => undefined };
}

function sameFile(record: StatRecord, stats: BigIntStats): boolean {
  return (
    record.mtimeNs === stats.mtimeNs &&
    record.ctimeNs === stats.ctimeNs &&
    record.size === stats.size &&
    record.ino === stats.ino &&
    record.dev === stats.dev &&
    record.mode === stats.mode
  );
}

// Linux stamps files with a clock that ticks every 1 to 10 ms; FAT counts in 2 s, and others in whole seconds.
const fineTickMs = 100;
const coarseTickMs = 2_100;

function isRacy({ mtimeNs, ctimeNs, readAt }: StatRecord): boolean {
  const latest = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  const tick = ctimeNs % 1_000_000_000n === 0n ? coarseTickMs : fineTickMs;
  return Number(latest / 1_000_000n) + tick >= readAt;
}

/** An entry that so many saved builds did not use is forgotten. */
const keptUnused = 20;

function readTable({
  file,
  context,
}: {
  readonly file: string;
  readonly context: string;
}): Map<string, StatRecord> {
  try {
    return decodeStatTable(readFileSync(file), context) ?? new Map<string, StatRecord>();
  } catch {
    return new Map();
  }
}

function agedRecords(
  known: ReadonlyMap<string, StatRecord>,
  used: ReadonlySet<string>,
): Map<string, StatRecord> {
  const kept = new Map<string, StatRecord>();
  for (const [path, record] of known) {
    const unused = used.has(path) ? 0 : record.unused + 1;
    if (unused <= keptUnused) kept.set(path, unused === record.unused ? record : { ...record, unused });
  }
  return kept;
}

function writeTable(
  { file, context }: { readonly file: string; readonly context: string },
  records: ReadonlyMap<string, StatRecord>,
): void {
  const temporary = `${file}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, encodeStatTable(records, context), { flag: 'wx', mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    removeQuietly(temporary);
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never made.
  }
}
