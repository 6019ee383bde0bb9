/**
 * The root file system that layers make, one on the other (image-spec layer.md, Applying Changesets and Whiteouts):
 * whiteouts take away what lower layers had and nothing of their own layer, the last entry of a path wins, a folder
 * over a folder keeps what is in it, and anything else over a folder takes its place.
 */
import type { NodeEntry, SourcedTree } from './file-tree.ts';
import { inodesOf, type Inode, type InodeTable, treeOfInodes } from './inodes.ts';
import { foldersAbove, type ImagePath, joinPath, parentPath, rootPath } from './image-path.ts';

export interface MergedLayers {
  readonly merged: SourcedTree;
  /** Hardlinks whose file no layer has; they are left out. */
  readonly broken: readonly ImagePath[];
}

/** Merges layers, lowest first. The result holds no whiteouts. */
export function mergeLayers(layers: readonly SourcedTree[]): MergedLayers {
  const root: InodeTable = new Map();
  const broken: ImagePath[] = [];
  for (const layer of layers) {
    removeWhatIsGone(root, layer);
    const names = inodesOf(layer);
    for (const { path } of layer.tree.entries) {
      const inode = names.get(path);
      if (inode !== undefined && !isMarker(inode)) addInode({ root, broken }, path, inode);
    }
  }
  return { merged: treeOfInodes(root), broken };
}

function isMarker({ entry }: Inode): boolean {
  return entry.type === 'removed' || entry.type === 'opaque';
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

function addInode(
  { root, broken }: { readonly root: InodeTable; readonly broken: ImagePath[] },
  path: ImagePath,
  inode: Inode,
): void {
  const place = locate(root, path);
  const placed = inode.entry.type === 'hardlink' ? root.get(locate(root, inode.entry.target)) : inode;
  if (placed === undefined || (placed.entry.type === 'directory' && inode.entry.type === 'hardlink')) {
    broken.push(path);
    return;
  }
  replaceFilesAbove(root, place);
  const before = root.get(place);
  if (before?.entry.type === 'directory' && placed.entry.type !== 'directory') removeBelow(root, place);
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

/** Linux follows 40 links in one path (path_resolution(7)). */
const maxLinks = 40;

/**
 * Where a path of a layer comes to stand: links among the folders above it are followed inside the root, so that
 * `bin/tool` over `bin -> usr/bin` is usr/bin/tool; the last component is never followed.
 */
function locate(root: InodeTable, path: ImagePath): ImagePath {
  if (path === '') return path;
  const folder = followLinks(root, parentPath(path));
  return joinPath(folder, path.slice(path.lastIndexOf('/') + 1) as ImagePath);
}

function followLinks(root: InodeTable, folder: ImagePath): ImagePath {
  let reached: ImagePath = rootPath;
  let links = 0;
  const rest = folder.split('/').reverse();
  for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      reached = parentPath(reached);
      continue;
    }
    const next = joinPath(reached, part as ImagePath);
    const target = linkTarget(root.get(next)?.entry as NodeEntry | undefined);
    if (target === undefined) {
      reached = next;
      continue;
    }
    links += 1;
    if (links > maxLinks) return folder;
    if (target.startsWith('/')) reached = rootPath;
    rest.push(...target.split('/').reverse());
  }
  return reached;
}

function linkTarget(entry: NodeEntry | undefined): string | undefined {
  return entry?.type === 'symlink' ? entry.target : undefined;
}
