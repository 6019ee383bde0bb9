/**
 * What a planner knows of the folders of an image as it grows: the base's folders and links, then each layer's.
 * Paths are found through links the way a kernel would find them with the image's root as `/`, so that a layer never
 * puts a folder where a link stands (`to: bin/x` on a usr-merged base comes to stand at usr/bin/x).
 */
import type { DirectoryEntry, SymlinkEntry, TreeEntry } from '../tree/file-tree.ts';
import { followLinks } from '../tree/follow-links.ts';
import { comparePaths, foldersAbove, type ImagePath, isWithin } from '../tree/image-path.ts';

type FolderEntry = DirectoryEntry | SymlinkEntry;

export interface FolderView {
  /** The folder at a path itself; undefined where there is none, or something else. */
  folder(path: ImagePath): DirectoryEntry | undefined;
  /** Where a folder's path leads when every link on the way, the last component too, is followed. */
  resolve(path: ImagePath): ImagePath;
  /** Whether any link is known at all; without one every path resolves to itself. */
  readonly hasLinks: boolean;
  /** The view after a layer. */
  after(entries: readonly TreeEntry[]): FolderView;
}

export function createFolderView(entries: Iterable<FolderEntry>): FolderView {
  return viewOf(new Map([...entries].map((entry) => [entry.path, entry])));
}

function viewOf(known: ReadonlyMap<ImagePath, FolderEntry>): FolderView {
  const hasLinks = [...known.values()].some((entry) => entry.type === 'symlink');
  return {
    folder: (path) => {
      const entry = known.get(path);
      return entry?.type === 'directory' ? entry : undefined;
    },
    resolve: (path) => (hasLinks ? followLinks((at) => known.get(at), path) : path),
    hasLinks,
    after: (entries) => viewOf(applyLayer(known, entries)),
  };
}

function applyLayer(
  known: ReadonlyMap<ImagePath, FolderEntry>,
  entries: readonly TreeEntry[],
): Map<ImagePath, FolderEntry> {
  const next = new Map(known);
  const gone = entries.filter((entry) => hidesBelow(entry, known)).map((entry) => entry.path);
  removeBelow(next, gone);
  for (const entry of entries) {
    if (entry.type === 'directory' || entry.type === 'symlink') next.set(entry.path, entry);
    else if (entry.type !== 'opaque') next.delete(entry.path);
  }
  return next;
}

/** Whether what lower layers have below the entry's path is no more: a whiteout, or anything but a folder over a folder. */
function hidesBelow(entry: TreeEntry, known: ReadonlyMap<ImagePath, FolderEntry>): boolean {
  if (entry.type === 'removed' || entry.type === 'opaque') return true;
  return entry.type !== 'directory' && known.get(entry.path)?.type === 'directory';
}

function removeBelow(view: Map<ImagePath, FolderEntry>, gone: readonly ImagePath[]): void {
  if (gone.length === 0) return;
  for (const path of [...view.keys()]) {
    if (gone.some((folder) => path !== folder && isWithin(path, folder))) view.delete(path);
  }
}

/** A folder that nobody described: as mkdir makes it, owned by root, at the epoch. */
export function plainFolder(path: ImagePath): DirectoryEntry {
  return { type: 'directory', path, mode: 0o755, uid: 0, gid: 0, mtime: { seconds: 0 } };
}

/**
 * The folders above paths as a layer has to name them, sorted. A folder that is already there is named again exactly as
 * it is: unpackers that see only the layer (overlay2's) would otherwise make it anew with 0755 and hide the one below.
 */
export function foldersFor(paths: Iterable<ImagePath>, view: FolderView): DirectoryEntry[] {
  const wanted = new Set<ImagePath>();
  for (const path of paths) for (const folder of foldersAbove(path)) wanted.add(folder);
  return [...wanted].sort(comparePaths).map((path) => view.folder(path) ?? plainFolder(path));
}
