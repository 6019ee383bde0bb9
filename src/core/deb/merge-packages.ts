/**
 * One root from the trees of packages, as dpkg unpacks them: folders are shared and keep what the first package said of
 * them, a file belongs to one package, and a package that Replaces another takes its files over. The order is
 * base-files first, whose folders (tmp, root, var/mail) are meant to be as it says, then by name.
 */
import { quoteText } from '../diagnostic/escape-text.ts';
import type { SourcedTree } from '../tree/file-tree.ts';
import { type Inode, inodesOf, type InodeTable, treeOfInodes } from '../tree/inodes.ts';
import { comparePaths, type ImagePath } from '../tree/image-path.ts';
import { parseDependencies } from './dependency.ts';
import { mergedPath, usrLinks } from './merge-usr.ts';
import { satisfies } from './version.ts';

export interface UnpackedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** The field of its control file, word for word. */
  readonly replaces: string | undefined;
  readonly unpacked: SourcedTree;
}

export interface FileClash {
  readonly path: ImagePath;
  readonly packages: readonly [string, string];
}

export interface MergedPackages {
  readonly root: SourcedTree;
  readonly clashes: readonly FileClash[];
  /** The package of each path that is no folder. */
  readonly owners: ReadonlyMap<ImagePath, string>;
}

export function mergePackages(
  packages: readonly UnpackedPackage[],
  { mergeUsr }: { readonly mergeUsr: boolean },
): MergedPackages {
  const merging: Merging = { table: new Map(), owners: new Map(), clashes: [] };
  for (const one of [...packages].sort(inUnpackOrder)) {
    for (const [path, inode] of inodesOf(one.unpacked)) {
      addInode(merging, one, { path: mergeUsr ? mergedPath(path, inode) : path, inode });
    }
  }
  if (mergeUsr) addLinks(merging);
  const owners = new Map([...merging.owners].map(([path, { name }]) => [path, name]));
  return { root: treeOfInodes(merging.table), clashes: merging.clashes, owners };
}

export function clashMessage({ path, packages: [first, second] }: FileClash): string {
  return `${quoteText(`/${path}`)} is in ${first} and in ${second}, and neither says that it replaces the other`;
}

interface Merging {
  readonly table: InodeTable;
  readonly owners: Map<ImagePath, UnpackedPackage>;
  readonly clashes: FileClash[];
}

function inUnpackOrder(a: UnpackedPackage, b: UnpackedPackage): number {
  return Number(b.name === 'base-files') - Number(a.name === 'base-files') || comparePaths(a.name, b.name);
}

function addInode(
  { table, owners, clashes }: Merging,
  one: UnpackedPackage,
  { path, inode }: { readonly path: ImagePath; readonly inode: Inode },
): void {
  const there = table.get(path);
  const other = owners.get(path);
  const isFolder = inode.entry.type === 'directory';
  if (isFolder && there?.entry.type === 'directory') return;
  if (there !== undefined && other !== undefined && other !== one && !replaces(one, other)) {
    if (!replaces(other, one)) clashes.push({ path, packages: [other.name, one.name] });
    return;
  }
  table.set(path, inode);
  owners.set(path, one);
}

/** By its real name alone: nothing that a package provides has files (Debian policy 7.6.1). */
function replaces(one: UnpackedPackage, other: UnpackedPackage): boolean {
  return parseDependencies(one.replaces, one.architecture)
    .flat()
    .some(
      ({ name, bound }) => name === other.name && (bound === undefined || satisfies(other.version, bound)),
    );
}

function addLinks({ table }: Merging): void {
  for (const [path, inode] of usrLinks(table)) {
    if (!table.has(path)) table.set(path, inode);
  }
}
