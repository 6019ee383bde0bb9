/**
 * Two root file systems, path by path, as they are once unpacked: the names of one file are names of equal rank, a folder
 * that no layer describes is there all the same, and the mode of a symlink is nobody's.
 */
import { canonicalJson } from '../digest/canonical-json.ts';
import type { DirectoryEntry, NodeEntry, SourcedTree } from '../tree/file-tree.ts';
import { comparePaths, foldersAboveAll, type ImagePath, rootPath } from '../tree/image-path.ts';
import { type Inode, inodesOf, type InodeTable } from '../tree/inodes.ts';

/**
 * What of a path differs, in the order in which it is told. `hardlinks` are the other names of the file, among the paths
 * that both images have. Where the type differs the node is another, and nothing else is told.
 */
export type FileAspect =
  'type' | 'content' | 'target' | 'device' | 'mode' | 'owner' | 'xattrs' | 'hardlinks' | 'mtime';

/** A node under the path that it has here, whatever else it is called; a folder that no layer describes has no mtime. */
export type ComparedNode = NodeEntry | Omit<DirectoryEntry, 'mtime'>;

export interface ChangedFile {
  readonly change: 'changed';
  readonly path: ImagePath;
  readonly aspects: readonly FileAspect[];
  readonly before: ComparedNode;
  readonly after: ComparedNode;
}

export type FileDifference =
  | { readonly change: 'added'; readonly path: ImagePath; readonly after: ComparedNode }
  | { readonly change: 'removed'; readonly path: ImagePath; readonly before: ComparedNode }
  | ChangedFile;

/** Of merged trees, which hold no whiteouts; by the bytes of the paths. */
export function compareFiles(before: SourcedTree, after: SourcedTree): FileDifference[] {
  const [old, now] = [fileSystemOf(before), fileSystemOf(after)];
  const paths = new Set([...old.inodes.keys(), ...now.inodes.keys()]);
  return [...paths].sort(comparePaths).flatMap((path) => comparePath(path, old, now));
}

interface FileSystem {
  readonly inodes: InodeTable;
  /** Those above any path, described or not. */
  readonly folders: ReadonlySet<ImagePath>;
  /** All names of each file that has several. */
  readonly names: ReadonlyMap<Inode, readonly ImagePath[]>;
}

function fileSystemOf(sourced: SourcedTree): FileSystem {
  const inodes = inodesOf(sourced);
  const names = new Map<Inode, ImagePath[]>();
  for (const { path, type } of sourced.tree.entries) {
    const inode = type === 'hardlink' ? inodes.get(path) : undefined;
    if (inode !== undefined) names.set(inode, [...(names.get(inode) ?? [inode.entry.path]), path]);
  }
  return { inodes, names, folders: foldersAboveAll(inodes.keys()).add(rootPath) };
}

function comparePath(path: ImagePath, old: FileSystem, now: FileSystem): FileDifference[] {
  const [before, after] = [nodeAt(path, old), nodeAt(path, now)];
  if (before === undefined) return after === undefined ? [] : [{ change: 'added', path, after }];
  if (after === undefined) return [{ change: 'removed', path, before }];
  const aspects = before.type === after.type ? aspectsOf(before, after) : ['type' as const];
  if (namesDiffer(path, old, now)) aspects.push('hardlinks');
  return aspects.length === 0 ? [] : [{ change: 'changed', path, aspects, before, after }];
}

function nodeAt(path: ImagePath, { inodes, folders }: FileSystem): ComparedNode | undefined {
  const entry = inodes.get(path)?.entry;
  if (entry === undefined) return folders.has(path) ? { ...impliedFolder, path } : undefined;
  return entry.type === 'removed' || entry.type === 'opaque' ? undefined : { ...entry, path };
}

/** What unpacking makes where an entry stands in a folder that no layer describes. */
const impliedFolder = { type: 'directory', mode: 0o755, uid: 0, gid: 0 } as const;

/** Of nodes of one type. */
function aspectsOf(before: ComparedNode, after: ComparedNode): FileAspect[] {
  return readers.flatMap(([aspect, read]) => {
    const [was, is] = [read(before), read(after)];
    const isUnknown = aspect === 'mtime' && (was === undefined || is === undefined);
    return isUnknown || was === is ? [] : [aspect];
  });
}

type ReadAspect = (node: ComparedNode) => string | number | undefined;

const readers: readonly (readonly [FileAspect, ReadAspect])[] = [
  ['content', (node) => (node.type === 'file' ? node.digest : undefined)],
  ['target', (node) => (node.type === 'symlink' ? node.target : undefined)],
  ['device', (node) => ('major' in node ? `${String(node.major)}:${String(node.minor)}` : undefined)],
  ['mode', (node) => (node.type === 'symlink' ? undefined : node.mode)],
  ['owner', ({ uid, gid }) => `${String(uid)}:${String(gid)}`],
  ['xattrs', ({ xattrs = {} }) => canonicalJson(xattrs)],
  ['mtime', (node) => ('mtime' in node ? canonicalJson(node.mtime) : undefined)],
];

/** Names that only one of the images has are told where they are added or removed. */
function namesDiffer(path: ImagePath, old: FileSystem, now: FileSystem): boolean {
  const [was, is] = [namesOf(path, old), namesOf(path, now)];
  if (was.length === 1 && is.length === 1) return false;
  const common = (names: readonly ImagePath[], { inodes }: FileSystem): string =>
    names.filter((name) => inodes.has(name)).join('\0');
  return common(was, now) !== common(is, old);
}

/** In one order, since hardlinks stand behind their file, by their bytes. */
function namesOf(path: ImagePath, { inodes, names }: FileSystem): readonly ImagePath[] {
  const inode = inodes.get(path);
  return (inode && names.get(inode)) ?? [path];
}
