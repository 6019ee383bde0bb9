/**
 * Remembers the digests of files by what lstat says of them: path, size, mtime, ctime, inode, device and mode. A file
 * whose time is not clearly older than the moment at which it was read is never trusted, since a second change in the
 * same tick of the clock would look like the first.
 *
 * Beside the files stand whole walks (walk-record.ts), so that a source in which nothing changed is known by one look
 * at each of its names.
 *
 * One file for each top folder of a context, and one for each walk: a build reads only what its sources need. They are
 * a cache: corrupt, of another version or of another context, they are empty; of builds at the same time the last to
 * save wins, and what the others knew is read again.
 */
import { join } from 'node:path';
import { type Digest, encodedOf } from '../../core/digest/digest.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import { nativeDigestOf } from '../store/native-hasher.ts';
import { type FileStats, isRacy, StatRows } from './stat-rows.ts';
import { readStatTable, type StatTable, type TablePlace, writeStatTable } from './stat-table.ts';
import { createWalkFiles, type WalkFiles } from './walk-files.ts';

export interface StatIndex {
  /** The digest that the file had when it was read, where it cannot have changed since. */
  find(path: ImagePath, stats: FileStats): Digest | undefined;
  /** `readAt` is the moment before the file was opened, in milliseconds since 1970. */
  record(
    path: ImagePath,
    file: { readonly stats: FileStats; readonly digest: Digest; readonly readAt: number },
  ): void;
  /** The same of a row with digest and `readAt`. */
  recordRow(path: ImagePath, rows: StatRows, row: number): void;
  /** Walks of whole sources. */
  readonly walks: Pick<WalkFiles, 'find' | 'keep'>;
  /** Lets go of walks that have not been asked for since this was called last, or since the first was read. */
  forgetUnused(): void;
  /** Writes what is new; never throws, since the next build only has more to read. */
  save(): void;
}

/** The file of a context's index below a folder of the store; others stand beside it under longer names. */
export function statIndexFile(folder: string, context: string): string {
  return join(folder, `${shortName(context)}.stat`);
}

function shortName(text: string): string {
  return encodedOf(nativeDigestOf(Buffer.from(text))).slice(0, 32);
}

/** Never throws. `context` is the absolute path of the context, which stands in the files and nowhere else. */
export function loadStatIndex(place: { readonly file: string; readonly context: string }): StatIndex {
  const shards = new Map<string, Shard>();
  const shardOf = (path: string): Shard => {
    const top = path.slice(0, Math.max(path.indexOf('/'), 0));
    let shard = shards.get(top);
    if (shard === undefined) {
      shard = loadShard(shardPlace(place, top));
      shards.set(top, shard);
    }
    return shard;
  };
  const walks = createWalkFiles(place);
  return {
    find: (path, stats) => shardOf(path).find(path, stats),
    record: (path, { stats, digest, readAt }) => {
      const rows = new StatRows();
      rows.setReadAt(rows.push(stats, digest), readAt);
      shardOf(path).recordRow(path, rows, 0);
    },
    recordRow: (path, rows, row) => shardOf(path).recordRow(path, rows, row),
    walks,
    forgetUnused: () => walks.forgetUnused(),
    save: () => {
      for (const shard of shards.values()) shard.save();
      walks.save();
    },
  };
}

/** An index that knows nothing and keeps nothing, for `--no-cache` and for a store in memory. */
export function emptyStatIndex(): StatIndex {
  return {
    find: () => undefined,
    record: () => undefined,
    recordRow: () => undefined,
    walks: { find: () => undefined, keep: () => undefined },
    forgetUnused: () => undefined,
    save: () => undefined,
  };
}

/** The files below one folder of the context's root; '' are those in the root itself. */
function shardPlace(
  { file, context }: { readonly file: string; readonly context: string },
  top: string,
): TablePlace {
  if (top === '') return { file, place: context };
  return { file: file.replace(/\.stat$/, `-${shortName(top)}.stat`), place: `${context}\0${top}` };
}

type Shard = Pick<StatIndex, 'find' | 'recordRow' | 'save'>;

function loadShard(place: TablePlace): Shard {
  const table = readStatTable(place);
  const { paths, rows } = table;
  const used = new Set<number>();
  let changed = false;
  return {
    find: (path, stats) => {
      const row = paths.get(path);
      if (row === undefined || !rows.same(row, stats) || isRacy(stats, rows.readAt(row))) return undefined;
      used.add(row);
      return rows.digest(row);
    },
    recordRow: (path, found, from) => {
      changed = true;
      const row = paths.get(path) ?? rows.length;
      if (row === rows.length) paths.set(path, rows.take(found, from));
      else rows.replace(row, found, from);
      used.add(row);
    },
    save: () => {
      if (changed) writeStatTable(place, agedTable(table, used));
      changed = false;
    },
  };
}

/** A row that so many saved builds did not use is forgotten. */
const keptUnused = 20;

function agedTable(table: StatTable, used: ReadonlySet<number>): StatTable {
  const { paths, rows } = table;
  let kept = true;
  for (let row = 0; row < rows.length; row += 1) {
    rows.setUnused(row, used.has(row) ? 0 : rows.unused(row) + 1);
    kept &&= rows.unused(row) <= keptUnused;
  }
  if (kept) return table;
  const fewer: StatTable = { paths: new Map(), rows: new StatRows() };
  for (const [path, row] of paths) {
    if (rows.unused(row) > keptUnused) continue;
    fewer.paths.set(path, fewer.rows.length);
    fewer.rows.take(rows, row);
  }
  return fewer;
}
