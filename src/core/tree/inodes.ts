/**
 * A tree seen as a file system sees it: paths that lead to inodes, where the names of one file lead to one object.
 * Trees are cut and merged in this form, since a hardlink whose file is left out becomes the file.
 */
import { compareEntries } from './check-tree.ts';
import {
  type ContentSource,
  emptyContents,
  type HardlinkEntry,
  type NodeEntry,
  type SourcedTree,
  type TreeEntry,
} from './file-tree.ts';
import type { ImagePath } from './image-path.ts';

/** The object's identity is the inode. A hardlink stands here only where its file is not in the tree. */
export interface Inode {
  readonly entry: TreeEntry;
  readonly content: ContentSource | undefined;
}

export type InodeTable = Map<ImagePath, Inode>;

/** The inodes of a tree whose hardlinks may stand before or after their files. */
export function inodesOf({ tree, contents }: SourcedTree): InodeTable {
  const table: InodeTable = new Map();
  for (const entry of tree.entries) table.set(entry.path, { entry, content: contents[entry.path] });
  for (const [path, inode] of table) {
    const file = inode.entry.type === 'hardlink' ? fileOf(table, inode) : undefined;
    if (file !== undefined) table.set(path, file);
  }
  return table;
}

/** Links to links are followed; a chain that leaves the tree or runs in a circle leads nowhere. */
function fileOf(table: InodeTable, from: Inode): Inode | undefined {
  let inode: Inode | undefined = from;
  for (let hops = 0; inode?.entry.type === 'hardlink'; hops += 1) {
    if (hops > table.size) return undefined;
    inode = table.get(inode.entry.target);
  }
  const type = inode?.entry.type;
  return type === 'directory' || type === 'removed' || type === 'opaque' ? undefined : inode;
}

/** The tree of a table: the first name of a file is the file, its other names are hardlinks to that. */
export function treeOfInodes(table: ReadonlyMap<ImagePath, Inode>): SourcedTree {
  const contents = emptyContents();
  const firstNames = new Map<Inode, ImagePath>();
  const named = [...table].map(([path, inode]) => ({ path, inode })).sort(compareEntries);
  const entries = named.map(({ path, inode }): TreeEntry => {
    if (inode.entry.type !== 'file') return { ...inode.entry, path };
    const first = firstNames.get(inode);
    if (first !== undefined) return hardlinkTo(inode.entry, { path, target: first });
    firstNames.set(inode, path);
    if (inode.content !== undefined) contents[path] = inode.content;
    return { ...inode.entry, path };
  });
  return { tree: { entries }, contents };
}

function hardlinkTo(
  file: NodeEntry,
  names: { readonly path: ImagePath; readonly target: ImagePath },
): HardlinkEntry {
  const { mode, uid, gid, mtime, xattrs } = file;
  return { type: 'hardlink', ...names, mode, uid, gid, mtime, ...(xattrs === undefined ? {} : { xattrs }) };
}
