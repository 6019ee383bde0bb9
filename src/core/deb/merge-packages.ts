/**
 * The trees of packages as one root file system, as dpkg would leave it, whatever the order in which they come: a folder
 * that several have keeps the metadata of the first by name (base-files before all others), a file belongs to one package
 * alone unless another says that it replaces that one, and /usr is merged.
 */
import type { SourcedTree } from '../tree/file-tree.ts';
import { comparePaths, foldersAbove, type ImagePath } from '../tree/image-path.ts';
import { inodesOf, type Inode, type InodeTable, treeOfInodes } from '../tree/inodes.ts';
import { parseDependencies } from './dependency.ts';
import { addMergedLinks, mergedPath } from './merge-usr.ts';
import { satisfies } from './version.ts';

export interface PackageTree {
  readonly name: string;
  readonly version: string;
  /** The field Replaces, word for word. */
  readonly replaces: string | undefined;
  readonly sourced: SourcedTree;
}

/** Two packages that want one path, or one that wants it twice. */
export interface FileClash {
  readonly path: ImagePath;
  readonly packages: readonly [string, string];
}

export interface MergedPackages {
  readonly merged: SourcedTree;
  readonly clashes: readonly FileClash[];
}

interface Claim {
  readonly inode: Inode;
  readonly owner: PackageTree;
}

export function mergePackages(packages: readonly PackageTree[]): MergedPackages {
  const claims = new Map<ImagePath, Claim>();
  const clashes: FileClash[] = [];
  const moved = new Set<ImagePath>();
  for (const owner of packages.toSorted(byOrder)) {
    for (const [path, inode] of inodesOf(owner.sourced)) {
      const place = mergedPath(path, inode);
      if (place !== path) moved.add(path);
      claim({ claims, clashes }, place, { inode: movedLink(inode), owner });
    }
  }
  clashes.push(...filesAsFolders(claims));
  const table: InodeTable = new Map([...claims].map(([path, { inode }]) => [path, inode]));
  addMergedLinks(table, moved);
  return { merged: treeOfInodes(table), clashes };
}

function byOrder(a: PackageTree, b: PackageTree): number {
  const first = (one: PackageTree): number => (one.name === 'base-files' ? 0 : 1);
  return first(a) - first(b) || comparePaths(a.name, b.name);
}

/** A hardlink that stands here leads out of the package's tree; it keeps pace with what has moved. */
function movedLink(inode: Inode): Inode {
  const { entry } = inode;
  if (entry.type !== 'hardlink') return inode;
  return { ...inode, entry: { ...entry, target: mergedPath(entry.target, inode) } };
}

function claim(
  { claims, clashes }: { readonly claims: Map<ImagePath, Claim>; readonly clashes: FileClash[] },
  path: ImagePath,
  wanted: Claim,
): void {
  const held = claims.get(path);
  if (held === undefined) claims.set(path, wanted);
  else if (isFolder(held) && isFolder(wanted)) return;
  else if (isFolder(wanted) && held.inode.entry.type === 'symlink') return;
  else if (replaces(wanted.owner, held.owner)) claims.set(path, wanted);
  else if (!replaces(held.owner, wanted.owner))
    clashes.push({ path, packages: [held.owner.name, wanted.owner.name] });
}

function isFolder({ inode }: Claim): boolean {
  return inode.entry.type === 'directory';
}

/** Debian policy 7.6.1: files of the replaced package may be overwritten. */
function replaces(owner: PackageTree, other: PackageTree): boolean {
  if (owner === other) return false;
  return parseDependencies(owner.replaces, '')
    .flat()
    .some(({ name, bound }) => name === other.name && (bound === undefined || satisfies(other.version, bound)));
}

/** Something below what is no folder. */
function filesAsFolders(claims: ReadonlyMap<ImagePath, Claim>): FileClash[] {
  return [...claims].flatMap(([path, { owner }]) => {
    const above = foldersAbove(path).find((folder) => {
      const held = claims.get(folder);
      return held !== undefined && !isFolder(held);
    });
    const holder = above === undefined ? undefined : claims.get(above);
    if (above === undefined || holder === undefined) return [];
    return [{ path: above, packages: [holder.owner.name, owner.name] as const }];
  });
}
