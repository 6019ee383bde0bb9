/**
 * The root file system that layers make, one on the other (image-spec layer.md, Applying Changesets and Whiteouts):
 * whiteouts take away what lower layers had and nothing of their own layer, the last entry of a path wins, a folder
 * over a folder keeps what is in it, and anything else over a folder takes its place.
 */
import type { SourcedTree } from './file-tree.ts';
import { locateInTree } from './follow-links.ts';
import { inodesOf, type Inode, type InodeTable, treeOfInodes } from './inodes.ts';
import { foldersAbove, type ImagePath, rootPath } from './image-path.ts';

export interface MergedLayers {
  readonly merged: SourcedTree;
  /** Hardlinks whose file no layer has; they are left out. */
  readonly broken: readonly ImagePath[];
}

/** Merges layers, lowest first; a layer may have a whiteout and an entry at one path. The result holds no whiteouts. */
export function mergeLayers(layers: readonly SourcedTree[]): MergedLayers {
  const root: InodeTable = new Map();
  const broken: ImagePath[] = [];
  const folders = new Set<ImagePath>();
  for (const layer of layers) {
    removeWhatIsGone(root, layer);
    const entries = layer.tree.entries.filter((entry) => entry.type !== 'removed' && entry.type !== 'opaque');
    for (const [path, inode] of inodesOf({ tree: { entries }, contents: layer.contents })) {
      addInode({ root, broken, folders }, path, inode);
    }
  }
  return { merged: treeOfInodes(root), broken };
}

function removeWhatIsGone(root: InodeTable, { tree }: SourcedTree): void {
  const removed = new Set<ImagePath>();
  const emptied = new Set<ImagePath>();
  for (const entry of tree.entries) {
    if (entry.type === 'removed') removed.add(locate(root, entry.path));
    if (entry.type === 'opaque') emptied.add(locate(root, entry.path));
  }
  if (removed.size + emptied.size === 0) return;
  for (const path of [...root.keys()]) {
    if (removed.has(path) || isBelow(path, removed) || isBelow(path, emptied)) root.delete(path);
  }
}

function isBelow(path: ImagePath, folders: ReadonlySet<ImagePath>): boolean {
  if (folders.size === 0 || path === '') return false;
  return folders.has(rootPath) || foldersAbove(path).some((folder) => folders.has(folder));
}

interface Merging {
  readonly root: InodeTable;
  readonly broken: ImagePath[];
  /** Every path that something stood below, whether a layer names it as a folder or not. */
  readonly folders: Set<ImagePath>;
}

function addInode({ root, broken, folders }: Merging, path: ImagePath, inode: Inode): void {
  const place = locate(root, path);
  const placed = inode.entry.type === 'hardlink' ? root.get(locate(root, inode.entry.target)) : inode;
  if (placed === undefined || (placed.entry.type === 'directory' && inode.entry.type === 'hardlink')) {
    broken.push(path);
    return;
  }
  replaceFilesAbove(root, place);
  for (const folder of foldersAbove(place)) folders.add(folder);
  if (placed.entry.type !== 'directory' && folders.has(place)) removeBelow(root, place);
  root.set(place, placed);
}

/** A file that a later layer uses as a folder becomes one, as umoci and containerd have it. */
function replaceFilesAbove(root: InodeTable, path: ImagePath): void {
  for (const folder of foldersAbove(path)) {
    const inode = root.get(folder);
    if (inode !== undefined && inode.entry.type !== 'directory') root.delete(folder);
  }
}

function removeBelow(root: InodeTable, folder: ImagePath): void {
  for (const path of [...root.keys()]) if (path.startsWith(`${folder}/`)) root.delete(path);
}

/** Where a path of a layer comes to stand: `bin/tool` over `bin -> usr/bin` is usr/bin/tool. */
function locate(root: InodeTable, path: ImagePath): ImagePath {
  return locateInTree((at) => root.get(at)?.entry, path);
}
