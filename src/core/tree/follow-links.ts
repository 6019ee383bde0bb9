/** Paths of a root file system, found through its links as a kernel would find them with that root as `/`. */
import { type ImagePath, joinPath, parentPath, rootPath } from './image-path.ts';

/** What stands at a path, as far as it matters: whether it is a link, and where to. */
export type EntryAt = (path: ImagePath) => { readonly type: string; readonly target?: string } | undefined;

/**
 * Where a path leads in a root file system when the links among the folders above it are followed inside it; the last
 * component is not followed. The path itself where the links do not end.
 */
export function locateInTree(entryAt: EntryAt, path: ImagePath): ImagePath {
  if (path === '') return path;
  const folder = followLinks(entryAt, parentPath(path));
  return joinPath(folder, path.slice(path.lastIndexOf('/') + 1) as ImagePath);
}

/** Linux follows 40 links in one path (path_resolution(7)). */
const maxLinks = 40;

/** Where a folder's path leads when every link on the way, the last component too, is followed; itself where they do not end. */
export function followLinks(entryAt: EntryAt, folder: ImagePath): ImagePath {
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
    const entry = entryAt(next);
    if (entry?.type !== 'symlink' || entry.target === undefined) {
      reached = next;
      continue;
    }
    links += 1;
    if (links > maxLinks) return folder;
    if (entry.target.startsWith('/')) reached = rootPath;
    rest.push(...entry.target.split('/').reverse());
  }
  return reached;
}
