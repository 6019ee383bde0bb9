/**
 * Builds a file tree from the entries of a tar in their order, as unpacking them would: the last entry of a path wins,
 * what is no folder takes the place of a folder with all that is in it, and a hardlink is one more name of the file
 * that its target is at that moment (image-spec layer.md; containerd and umoci do the same).
 */
import type { NodeEntry } from '../../core/tree/file-tree.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';

/** A file that may have several names; a folder has one. */
export interface Inode {
  /** The entry without its names: `path` is the one it was made under. */
  entry: NodeEntry;
  /** Where its content starts in the decompressed tar. */
  readonly offset: number;
}

interface Node {
  inode: Inode | undefined;
  /** Counts the entries: when this name was given last. */
  order: number;
  /** Undefined where it is known to be no folder. */
  children: Map<string, Node> | undefined;
}

export interface NamedInode {
  readonly path: ImagePath;
  readonly inode: Inode;
  /** Later names have higher numbers. */
  readonly order: number;
}

export interface TreeBuilder {
  /** Gives the path to the inode. The path above it that is no folder, where there is one: then nothing was done. */
  add(path: ImagePath, inode: Inode): ImagePath | undefined;
  /** What the path is now. */
  find(path: ImagePath): Inode | undefined;
  /** Every name, in no particular order. */
  all(): NamedInode[];
}

export function createTreeBuilder(): TreeBuilder {
  const root = emptyNode();
  let order = 0;
  return {
    add: (path, inode) => add(root, path, { inode, order: (order += 1) }),
    find: (path) => findNode(root, path)?.inode,
    all: () => collect(root),
  };
}

function emptyNode(): Node {
  return { inode: undefined, order: 0, children: new Map() };
}

function add(root: Node, path: ImagePath, given: { inode: Inode; order: number }): ImagePath | undefined {
  let node = root;
  for (let at = 0; at < path.length;) {
    const slash = path.indexOf('/', at);
    const end = slash < 0 ? path.length : slash;
    if (node.children === undefined) return path.slice(0, Math.max(at - 1, 0)) as ImagePath;
    node = childOf(node.children, path.slice(at, end));
    at = end + 1;
  }
  node.inode = given.inode;
  node.order = given.order;
  if (given.inode.entry.type !== 'directory') node.children = undefined;
  else node.children ??= new Map();
  return undefined;
}

function childOf(children: Map<string, Node>, name: string): Node {
  const known = children.get(name);
  if (known !== undefined) return known;
  const made = emptyNode();
  children.set(name, made);
  return made;
}

function findNode(root: Node, path: ImagePath): Node | undefined {
  let node: Node | undefined = root;
  if (path === '') return node;
  for (const name of path.split('/')) node = node?.children?.get(name);
  return node;
}

function collect(root: Node): NamedInode[] {
  const found: NamedInode[] = [];
  const pending: { path: string; node: Node }[] = [{ path: '', node: root }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { path, node } = next;
    if (node.inode !== undefined)
      found.push({ path: path as ImagePath, inode: node.inode, order: node.order });
    for (const [name, child] of node.children ?? []) {
      pending.push({ path: path === '' ? name : `${path}/${name}`, node: child });
    }
  }
  return found;
}
