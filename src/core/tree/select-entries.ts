/** Cuts a tree: leading components off its paths, then only the entries that a filter takes and the folders above them. */
import type { GlobFilter } from './glob.ts';
import { inodesOf, type Inode, type InodeTable, treeOfInodes } from './inodes.ts';
import type { SourcedTree } from './file-tree.ts';
import { foldersAbove, type ImagePath } from './image-path.ts';

export interface Selection {
  readonly selected: SourcedTree;
  /** Paths that more than one entry would stand at once its leading components are gone. */
  readonly collisions: readonly ImagePath[];
}

export interface SelectOptions {
  /** Leading components to take off; an entry that has no more than these is left out. */
  readonly strip: number;
  /** Sees paths as they are after `strip`. */
  readonly filter: GlobFilter;
}

export function selectEntries(sourced: SourcedTree, { strip, filter }: SelectOptions): Selection {
  const { table, collisions } = stripComponents(inodesOf(sourced), strip);
  const taken: InodeTable = new Map();
  for (const [path, inode] of table) if (filter.takes(path)) taken.set(path, inode);
  for (const path of [...taken.keys()]) addFoldersAbove(taken, table, path);
  return { selected: treeOfInodes(taken), collisions };
}

function addFoldersAbove(taken: InodeTable, all: InodeTable, path: ImagePath): void {
  for (const folder of foldersAbove(path)) {
    const inode = all.get(folder);
    if (inode?.entry.type === 'directory') taken.set(folder, inode);
  }
}

function stripComponents(
  table: InodeTable,
  count: number,
): { readonly table: InodeTable; readonly collisions: readonly ImagePath[] } {
  if (count === 0) return { table, collisions: [] };
  const stripped: InodeTable = new Map();
  const collisions: ImagePath[] = [];
  for (const [path, inode] of table) {
    const rest = path.split('/').slice(count).join('/') as ImagePath;
    if (rest === '') continue;
    const before = stripped.get(rest);
    if (before !== undefined && !bothFolders(before, inode)) collisions.push(rest);
    stripped.set(rest, moveLink(inode, count));
  }
  return { table: stripped, collisions };
}

/** A hardlink out of the tree keeps pace with the paths that it was written beside. */
function moveLink(inode: Inode, count: number): Inode {
  const { entry } = inode;
  if (entry.type !== 'hardlink') return inode;
  const target = entry.target.split('/').slice(count).join('/') as ImagePath;
  return { ...inode, entry: { ...entry, target } };
}

function bothFolders(a: Inode, b: Inode): boolean {
  return a.entry.type === 'directory' && b.entry.type === 'directory';
}
