/** From the names of files, in any order, to the entries of a tree: sorted, the first name of each file its entry. */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { LayerError } from '../../core/tar/layer-error.ts';
import type { FileTree, HardlinkEntry, NodeEntry } from '../../core/tree/file-tree.ts';
import { comparePaths, type ImagePath } from '../../core/tree/image-path.ts';
import { createTreeBuilder, type Inode, type NamedInode, type TreeBuilder } from './tree-builder.ts';

type Place = (path: ImagePath, type: NodeEntry['type']) => ImagePath | undefined;

export interface NamedTree {
  readonly tree: FileTree;
  /** For each file entry, where its content starts. */
  readonly offsets: ReadonlyMap<ImagePath, number>;
}

/** Throws LayerError where places collide, or where a hardlink's target is neither in the tree nor surely below it. */
export function nameInodes(builder: TreeBuilder, place?: Place): NamedTree {
  checkOutside(builder);
  const placed = place === undefined ? builder : placeAll(builder.all(), place);
  const names = placed.all().sort((a, b) => comparePaths(a.path, b.path));
  const firstNames = new Map<Inode, ImagePath>();
  for (const { path, inode } of names) if (!firstNames.has(inode)) firstNames.set(inode, path);
  const offsets = new Map<ImagePath, number>();
  for (const [inode, path] of firstNames) if (inode.entry.type === 'file') offsets.set(path, inode.offset);
  const entries = names.map((named) => entryOf(named, { firstNames, place }));
  return { tree: { entries }, offsets };
}

/** A hardlink that stood before its target in the tar is a broken one, or means the file of a lower layer: who knows. */
function checkOutside(builder: TreeBuilder): void {
  for (const { path, inode } of builder.all()) {
    if (inode.entry.type !== 'hardlink' || builder.find(inode.entry.target) === undefined) continue;
    throw badHardlink(path, `to ${quoteText(inode.entry.target)}, which the tar has only after it`);
  }
}

function badHardlink(path: ImagePath, found: string): LayerError {
  return new LayerError('layer/bad-hardlink', `${quoteText(path)} is a hardlink ${found}`, {
    help: 'make the tar anew, each file before its hardlinks',
  });
}

/** Places entries in the order of the tar, so that of two that come to stand in one place the last one counts. */
function placeAll(names: readonly NamedInode[], place: Place): TreeBuilder {
  const builder = createTreeBuilder();
  for (const { path, inode } of [...names].sort((a, b) => a.order - b.order)) {
    const to = place(path, inode.entry.type);
    const above = to === undefined ? undefined : builder.add(to, inode);
    if (above === undefined) continue;
    const message = `${quoteText(path)} comes to stand below ${quoteText(above)}, which is no folder`;
    throw new LayerError('layer/not-a-folder', message);
  }
  return builder;
}

interface Naming {
  readonly firstNames: ReadonlyMap<Inode, ImagePath>;
  readonly place: Place | undefined;
}

function entryOf({ path, inode }: NamedInode, { firstNames, place }: Naming): NodeEntry {
  const { entry } = inode;
  if (entry.type === 'hardlink') return linkTo(entry, path, placedTarget(entry, path, place));
  const first = firstNames.get(inode) ?? path;
  return first === path ? { ...entry, path } : linkTo(entry, path, first);
}

function placedTarget(entry: HardlinkEntry, path: ImagePath, place: Place | undefined): ImagePath {
  if (place === undefined) return entry.target;
  const target = place(entry.target, 'file');
  if (target === undefined) throw badHardlink(path, `to ${quoteText(entry.target)}, which is left out`);
  return target;
}

function linkTo(entry: NodeEntry, path: ImagePath, target: ImagePath): HardlinkEntry {
  const { mode, uid, gid, mtime, xattrs } = entry;
  const node = { path, mode, uid, gid, mtime };
  return { type: 'hardlink', ...node, target, ...(xattrs === undefined ? {} : { xattrs }) };
}
