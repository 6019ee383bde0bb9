/**
 * From a walk to its record and back to the tree: what a build found once stands for the source as long as nothing in
 * it changes, and its entries are made only where somebody asks for them.
 */
import type { SourceTree } from '../../core/plan/snapshot.ts';
import { compareEntries } from '../../core/tree/check-tree.ts';
import { emptyContents, type SourcedTree, type TreeEntry } from '../../core/tree/file-tree.ts';
import { type ImagePath, joinPath, rootPath } from '../../core/tree/image-path.ts';
import type { NodeKind } from './context-path.ts';
import { copiedFile, copiedFolder, copiedLink } from './copied-entry.ts';
import { lazySourceTree } from './digest-tree.ts';
import { type FileStats, isRacy, StatRows } from './stat-rows.ts';
import type { Listing } from './walk-tree.ts';
import { kindMask, kinds, takenMark, walkedMark, type WalkFacts, type WalkRecord } from './walk-record.ts';

/** A walk that came to its end without a problem. Paths are relative to the source. */
export interface FinishedWalk {
  readonly facts: WalkFacts;
  /** What stands in each folder that was looked into, in byte order. */
  readonly listings: ReadonlyMap<ImagePath, Listing>;
  /** The tree's. */
  readonly entries: ReadonlyMap<ImagePath, TreeEntry>;
  /** What lstat said of each file that was taken, and its digest. */
  readonly rows: StatRows;
  readonly rowOf: ReadonlyMap<ImagePath, number>;
  /** Before the walk; milliseconds since 1970. */
  readonly startedAt: number;
}

/** Undefined where a file is too young to be trusted, or changed its kind under our hands: such a walk proves nothing. */
export function recordOfWalk(walk: FinishedWalk): WalkRecord | undefined {
  const { facts, listings, entries } = walk;
  const folders: ImagePath[] = [rootPath];
  const names: string[] = [];
  const links: string[] = [];
  const marks: number[] = [];
  const rows = new StatRows();
  const folderRows = new StatRows();
  for (const folder of folders) {
    const { entries: listing, stats } = listings.get(folder) ?? { entries: [], stats: noStats };
    names.push(listing.map(({ name }) => name).join('/'));
    folderRows.push(provesNames(stats, walk) ? stats : noStats);
    for (const { name, kind } of listing) {
      const path = joinPath(folder, name as ImagePath);
      const entry = entries.get(path);
      if (entry !== undefined && entry.type !== kind) return undefined;
      if (entry?.type === 'symlink') links.push(entry.target);
      if (entry?.type === 'file' && !addRow(rows, walk, path)) return undefined;
      const walked = kind === 'directory' && listings.has(path);
      if (walked) folders.push(path);
      marks.push(markOf(kind, { taken: entry !== undefined, walked }));
    }
  }
  return { facts, names, links, marks: Uint8Array.from(marks), folders: folderRows, rows };
}

/** No node has the inode 0. */
const noStats: FileStats = { size: 0n, mtimeNs: 0n, ctimeNs: 0n, ino: 0n, dev: 0n, mode: 0n };

/** A folder of another file system below the source, a mount, is not judged by what the source's own keeps. */
function provesNames(stats: FileStats, { listings, startedAt }: FinishedWalk): boolean {
  return stats.dev === listings.get(rootPath)?.stats.dev && !isRacy(stats, startedAt);
}

function markOf(kind: NodeKind, { taken, walked }: { taken: boolean; walked: boolean }): number {
  return kinds.indexOf(kind) | (taken ? takenMark : 0) | (walked ? walkedMark : 0);
}

function addRow(rows: StatRows, { rows: found, rowOf, startedAt }: FinishedWalk, path: ImagePath): boolean {
  const row = rowOf.get(path);
  if (row === undefined || found.isRacy(row, startedAt)) return false;
  rows.take(found, row);
  return true;
}

/** The source as it was when the walk was recorded. `at` is its place in the context. */
export function sourceOfWalk(record: WalkRecord, at: ImagePath): SourceTree {
  return lazySourceTree(record.facts, () => treeOfWalk(record, at));
}

function treeOfWalk({ names, links, marks, rows }: WalkRecord, at: ImagePath): SourcedTree {
  const entries: TreeEntry[] = [];
  const contents = emptyContents();
  const folders: ImagePath[] = [rootPath];
  const next = { name: 0, row: 0, link: 0 };
  for (const [index, text] of names.entries()) {
    for (const name of text === '' ? [] : text.split('/')) {
      const path = joinPath(folders[index] ?? rootPath, name as ImagePath);
      const mark = marks[next.name] ?? 0;
      next.name += 1;
      if ((mark & walkedMark) !== 0) folders.push(path);
      if ((mark & takenMark) === 0) continue;
      const kind = kinds[mark & kindMask];
      if (kind === 'directory') entries.push(copiedFolder(path));
      else if (kind === 'symlink') {
        entries.push(copiedLink(path, links[next.link] ?? ''));
        next.link += 1;
      } else {
        entries.push(copiedFile(path, rows, next.row));
        contents[path] = { in: 'context', path: joinPath(at, path) };
        next.row += 1;
      }
    }
  }
  return { tree: { entries: entries.sort(compareEntries) }, contents };
}
