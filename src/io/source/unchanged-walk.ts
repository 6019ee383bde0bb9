/**
 * Whether a source is still what a remembered walk found: each folder's names and their kinds, what lstat says of each
 * file that was taken, where each link points. Opens no file. The first difference ends it; so does anything that
 * cannot be read, since the walk that follows says what is wrong.
 */
import { lstatSync } from 'node:fs';
import { type ImagePath, joinPath } from '../../core/tree/image-path.ts';
import { entriesIn, linkTarget, systemPath } from './context-path.ts';
import { kindMask, kinds, takenMark, walkedMark, type WalkRecord } from './walk-record.ts';

export interface WalkPlace {
  /** The context: absolute and real. */
  readonly context: string;
  /** The source, relative to the context. */
  readonly folder: ImagePath;
  /** Called once for each folder; lets timers and signals through. */
  readonly breathe: () => Promise<void> | undefined;
}

/** Rejects only where `breathe` does. */
export async function isUnchanged(record: WalkRecord, place: WalkPlace): Promise<boolean> {
  const comparison: Comparison = { record, folders: [place.folder], name: 0, row: 0, link: 0 };
  for (const [at, names] of record.names.entries()) {
    const folder = comparison.folders[at];
    if (folder === undefined || !isSameFolder(comparison, { context: place.context, folder, names })) {
      return false;
    }
    const pause = place.breathe();
    if (pause !== undefined) await pause;
  }
  return true;
}

/** A record under comparison: the folders to look into, and how many of its names, rows and links are behind us. */
interface Comparison {
  readonly record: WalkRecord;
  readonly folders: ImagePath[];
  name: number;
  row: number;
  link: number;
}

function isSameFolder(
  comparison: Comparison,
  { context, folder, names }: { readonly context: string; readonly folder: ImagePath; readonly names: string },
): boolean {
  const known = names === '' ? [] : names.split('/');
  const full = folder === '' ? context : `${context}/${folder}`;
  try {
    const found = entriesIn(systemPath(full, ''));
    if (found.length !== known.length) return false;
    for (const [index, { name, kind }] of found.entries()) {
      const mark = comparison.record.marks[comparison.name] ?? 0;
      if (name !== known[index] || kinds[mark & kindMask] !== kind) return false;
      if ((mark & walkedMark) !== 0) comparison.folders.push(joinPath(folder, name as ImagePath));
      else if ((mark & takenMark) !== 0 && !isSameEntry(comparison, mark, systemPath(full, name))) return false;
      comparison.name += 1;
    }
    return true;
  } catch {
    return false;
  }
}

/** Of a file that was taken, or a link. */
function isSameEntry(comparison: Comparison, mark: number, path: string | Buffer): boolean {
  const { record } = comparison;
  if (kinds[mark & kindMask] === 'symlink') {
    comparison.link += 1;
    return record.links[comparison.link - 1] === linkTarget(path);
  }
  comparison.row += 1;
  return record.rows.same(comparison.row - 1, lstatSync(path, { bigint: true }));
}
