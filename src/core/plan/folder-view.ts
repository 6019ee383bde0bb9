/**
 * What a planner knows of the folders of an image as it grows: the base's folders and links, then each layer's.
 * Paths are found through links the way a kernel would find them with the image's root as `/`, so that a layer never
 * puts a folder where a link stands (`to: bin/x` on a usr-merged base comes to stand at usr/bin/x).
 */
import { type Digest, digestOf, digestOfValue } from '../digest/digest.ts';
import type {
  DirectoryEntry,
  OpaqueEntry,
  RemovedEntry,
  SymlinkEntry,
  TreeEntry,
} from '../tree/file-tree.ts';
import { followLinks } from '../tree/follow-links.ts';
import { entriesText } from '../tree/tree-text.ts';
import { comparePaths, foldersAboveAll, type ImagePath, isWithin } from '../tree/image-path.ts';

type FolderEntry = DirectoryEntry | SymlinkEntry;

export interface FolderView {
  /** The folder at a path itself; undefined where there is none, or something else. */
  folder(path: ImagePath): DirectoryEntry | undefined;
  /** Where a folder's path leads when every link on the way, the last component too, is followed. */
  resolve(path: ImagePath): ImagePath;
  /** Whether any link is known at all; without one every path resolves to itself. */
  readonly hasLinks: boolean;
  /** What of a layer's entries changes this view. */
  changes(entries: readonly TreeEntry[]): FolderChange[];
  /** The view after a layer: after its entries, or after what of them are changes. */
  after(entries: readonly TreeEntry[]): FolderView;
  /** Names what the view was made of: views with one id are equal. */
  id(): Digest;
}

/** Anything but a folder or a link only takes away what was at its path, and below it. */
export type FolderChange = FolderEntry | RemovedEntry | OpaqueEntry;

/** `id` names the entries, where somebody has a name for them; else their own digest does. */
export function createFolderView(
  entries: readonly FolderEntry[],
  id = once(() => digestOfValue(entries)),
): FolderView {
  return viewOf(new Map(entries.map((entry) => [entry.path, entry])), id);
}

/** A view that was made before: nothing of it is made again until somebody looks. */
export function recalledView(
  below: FolderView,
  { id, changes }: { readonly id: Digest; readonly changes: () => readonly FolderChange[] },
): FolderView {
  const made = once(() => below.after(changes()));
  return {
    folder: (path) => made().folder(path),
    resolve: (path) => made().resolve(path),
    get hasLinks() {
      return made().hasLinks;
    },
    changes: (entries) => made().changes(entries),
    after: (entries) => made().after(entries),
    id: () => id,
  };
}

function once<T extends object | string>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function viewOf(known: ReadonlyMap<ImagePath, FolderEntry>, id: () => Digest): FolderView {
  const hasLinks = [...known.values()].some((entry) => entry.type === 'symlink');
  return {
    folder: (path) => {
      const entry = known.get(path);
      return entry?.type === 'directory' ? entry : undefined;
    },
    resolve: (path) => (hasLinks ? followLinks((at) => known.get(at), path) : path),
    hasLinks,
    changes: (entries) => changesOf(known, entries),
    after: (entries) => {
      const changes = changesOf(known, entries);
      // Canonical JSON of both, and of thousands of folders: entriesText is several times faster.
      const next = once(() =>
        digestOf(new TextEncoder().encode(`{"below":"${id()}","changes":${entriesText(changes)}}`)),
      );
      return viewOf(applyLayer(known, changes), next);
    },
    id,
  };
}

function changesOf(
  known: ReadonlyMap<ImagePath, FolderEntry>,
  entries: readonly TreeEntry[],
): FolderChange[] {
  return entries.flatMap((entry): FolderChange[] => {
    const { type, path } = entry;
    if (type === 'directory' || type === 'symlink' || type === 'removed' || type === 'opaque') return [entry];
    return known.has(path) ? [{ type: 'removed', path }] : [];
  });
}

function applyLayer(
  known: ReadonlyMap<ImagePath, FolderEntry>,
  changes: readonly FolderChange[],
): Map<ImagePath, FolderEntry> {
  const next = new Map(known);
  const gone = changes.filter((change) => hidesBelow(change, known)).map((change) => change.path);
  removeBelow(next, gone);
  for (const change of changes) {
    if (change.type === 'directory' || change.type === 'symlink') next.set(change.path, change);
    else if (change.type === 'removed') next.delete(change.path);
  }
  return next;
}

/** Whether what lower layers have below the path is no more: a whiteout, or anything but a folder over a folder. */
function hidesBelow(change: FolderChange, known: ReadonlyMap<ImagePath, FolderEntry>): boolean {
  if (change.type === 'removed' || change.type === 'opaque') return true;
  return change.type !== 'directory' && known.get(change.path)?.type === 'directory';
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
  const wanted = [...foldersAboveAll(paths)];
  return wanted.sort(comparePaths).map((path) => view.folder(path) ?? plainFolder(path));
}
