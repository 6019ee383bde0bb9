/**
 * Where a source tree comes to stand in an image: `to` by the rules of docs/recipe.md, each folder through the links
 * that the image has in its place.
 */
import type { MetadataRules, Placement } from './plan.ts';
import type { SourceTree } from './snapshot.ts';
import type { FolderView } from './folder-view.ts';
import type { ImagePath } from '../tree/image-path.ts';
import { baseName, foldersAbove, joinPath, parentPath } from '../tree/image-path.ts';

export interface Destination {
  /** Image path of `to`, before links are followed. */
  readonly path: ImagePath;
  /** Whether `to` was written with a trailing slash (or is `.`), so that a single file keeps its name below it. */
  readonly isFolder: boolean;
}

/** A folder's contents go to the destination; a single file becomes it, or goes below it where it is a folder. */
export function placeSource(
  source: SourceTree,
  destination: Destination,
  options: { readonly view: FolderView; readonly rules: MetadataRules },
): Placement {
  const { view, rules } = options;
  const [only] = source.tree.entries;
  if (source.single && only !== undefined) {
    const folder = destination.isFolder ? destination.path : parentPath(destination.path);
    const rename = (destination.isFolder ? only.path : baseName(destination.path)) as ImagePath;
    return { tree: source.digest, to: view.resolve(folder), rename, rules };
  }
  const to = view.resolve(destination.path);
  return withRedirects({ tree: source.digest, to, rules }, source, view);
}

/**
 * Files out of another image at another path: what `from` names goes to the destination, a folder by its contents and
 * a file under its own name (or under the destination's, where that is no folder).
 */
export function placeSelected(
  source: SourceTree,
  selected: readonly ImagePath[],
  options: { readonly view: FolderView; readonly rules: MetadataRules; readonly destination: Destination },
): Placement {
  const { view, rules, destination } = options;
  const types = new Map(source.tree.entries.map((entry) => [entry.path, entry.type]));
  const redirects: Record<ImagePath, ImagePath> = {};
  for (const path of selected) {
    const isFile = types.has(path) && types.get(path) !== 'directory';
    if (!isFile) redirects[path] = view.resolve(destination.path);
    else if (destination.isFolder) {
      redirects[path] = joinPath(view.resolve(destination.path), baseName(path) as ImagePath);
    } else {
      const folder = view.resolve(parentPath(destination.path));
      redirects[path] = joinPath(folder, baseName(destination.path) as ImagePath);
    }
  }
  return { tree: source.digest, to: view.resolve(destination.path), redirects, rules };
}

/** Adds a redirect for each folder of the source that the image has a link for (`bin` on a usr-merged base). */
function withRedirects(placement: Placement, source: SourceTree, view: FolderView): Placement {
  if (!view.hasLinks) return placement;
  const redirects: Record<ImagePath, ImagePath> = {};
  for (const folder of foldersOf(source)) {
    const above = redirects[parentPath(folder)];
    const straight = joinPath(placement.to, folder);
    const here = above === undefined ? straight : joinPath(above, baseName(folder) as ImagePath);
    const resolved = view.resolve(here);
    // Every folder below a redirected one is written out too, so that a redirect is found by its parent alone.
    if (resolved !== straight) redirects[folder] = resolved;
  }
  return Object.keys(redirects).length === 0 ? placement : { ...placement, redirects };
}

/** Every folder that the source names or implies, top ones first. */
function foldersOf(source: SourceTree): Iterable<ImagePath> {
  const folders = new Set<ImagePath>();
  for (const entry of source.tree.entries) {
    for (const folder of foldersAbove(entry.path)) folders.add(folder);
    if (entry.type === 'directory' && entry.path !== '') folders.add(entry.path);
  }
  return folders;
}
