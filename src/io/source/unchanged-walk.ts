/**
 * Whether a source is still what a remembered walk found: each folder's names and their kinds, what lstat says of each
 * file that was taken, where each link points. Opens no file. The first difference ends it; so does anything that
 * cannot be read, since the walk that follows says what is wrong.
 *
 * The names of a folder whose own times and inode have not moved are not read again, on file systems that are known to
 * stamp a folder whenever a name in it comes, goes or becomes something else (POSIX asks for that; some network and
 * foreign file systems do not do it). A link's target is read again always.
 */
import { type BigIntStats, lstatSync, statfsSync } from 'node:fs';
import { type ImagePath, joinPath } from '../../core/tree/image-path.ts';
import { entriesIn, linkTarget, systemPath } from './context-path.ts';
import { namesBelow, type OnRead } from './read-place.ts';
import { kindMask, kinds, takenMark, walkedMark, type WalkRecord } from './walk-record.ts';

export interface WalkPlace {
  /** The context: absolute and real. */
  readonly context: string;
  /** The source, relative to the context. */
  readonly folder: ImagePath;
  /** Told each folder before it is looked into. */
  readonly onRead: OnRead;
  /** Called once for each folder; lets timers and signals through. */
  readonly breathe: () => Promise<void> | undefined;
}

/** Rejects only where `breathe` does. */
export async function isUnchanged(record: WalkRecord, place: WalkPlace): Promise<boolean> {
  const { context, folder, breathe } = place;
  const stamps = stampsFolders(systemPath(context, folder));
  const comparison: Comparison = { record, stamps, folders: [folder], at: 0, name: 0, row: 0, link: 0 };
  for (; comparison.at < record.names.length; comparison.at += 1) {
    if (!isSameFolder(comparison, place)) return false;
    const pause = breathe();
    if (pause !== undefined) await pause;
  }
  return true;
}

/** statfs(2), f_type: ext, XFS, Btrfs, F2FS, ZFS, bcachefs, tmpfs, overlayfs. */
const stampingTypes = new Set([
  0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x2fc12fc1, 0xca451a4e, 0x01021994, 0x794c7630,
]);

function stampsFolders(path: string | Buffer): boolean {
  try {
    return process.platform === 'linux' && stampingTypes.has(statfsSync(path).type);
  } catch {
    return false;
  }
}

/** A record under comparison: the folders to look into, and how much of each of its columns is behind us. */
interface Comparison {
  readonly record: WalkRecord;
  readonly stamps: boolean;
  readonly folders: ImagePath[];
  at: number;
  name: number;
  row: number;
  link: number;
}

function isSameFolder(comparison: Comparison, { context, onRead }: WalkPlace): boolean {
  const { record, folders, at, stamps } = comparison;
  const folder = folders[at];
  if (folder === undefined) return false;
  const text = record.names[at] ?? '';
  const names = text === '' ? [] : text.split('/');
  const full = folder === '' ? context : `${context}/${folder}`;
  onRead(namesBelow(context, folder));
  try {
    const stats = statsOf(systemPath(full, ''));
    if (!stats.isDirectory()) return false;
    const listed = !(stamps && record.folders.same(at, stats));
    if (listed && !hasSameNames(comparison, names, systemPath(full, ''))) return false;
    return hasSameNodes(comparison, names, { folder, full });
  } catch {
    return false;
  }
}

function statsOf(path: string | Buffer): BigIntStats {
  return lstatSync(path, { bigint: true });
}

function hasSameNames(
  { record, name }: Comparison,
  names: readonly string[],
  folder: string | Buffer,
): boolean {
  const found = entriesIn(folder);
  return (
    found.length === names.length &&
    found.every(
      (entry, index) =>
        entry.name === names[index] && entry.kind === kinds[(record.marks[name + index] ?? 0) & kindMask],
    )
  );
}

function hasSameNodes(
  comparison: Comparison,
  names: readonly string[],
  { folder, full }: { readonly folder: ImagePath; readonly full: string },
): boolean {
  for (const name of names) {
    const mark = comparison.record.marks[comparison.name] ?? 0;
    comparison.name += 1;
    if ((mark & walkedMark) !== 0) comparison.folders.push(joinPath(folder, name as ImagePath));
    else if ((mark & takenMark) !== 0 && !isSameNode(comparison, mark, systemPath(full, name))) return false;
  }
  return true;
}

/** Of a file that was taken, or a link. */
function isSameNode(comparison: Comparison, mark: number, path: string | Buffer): boolean {
  const { record } = comparison;
  if (kinds[mark & kindMask] === 'symlink') {
    comparison.link += 1;
    return record.links[comparison.link - 1] === linkTarget(path);
  }
  comparison.row += 1;
  return record.rows.same(comparison.row - 1, statsOf(path));
}
