/**
 * Where a source tree comes to stand in an image: `to` by the rules of docs/recipe.md, each folder through the links
 * that the image has in its place.
 */
import type { MetadataRules, Placement } from './plan.ts';
import type { SourceTree } from './snapshot.ts';
import type { FolderView } from './folder-view.ts';
import type { ImagePath } from '../tree/image-path.ts';
import { baseName, foldersAbove, joinPath, parentPath, rootPath } from '../tree/image-path.ts';

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
  const only = source.single ? source.tree.entries[0] : undefined;
  if (only !== undefined) {
    const folder = destination.isFolder ? destination.path : parentPath(destination.path);
    const rename = (destination.isFolder ? only.path : baseName(destination.path)) as ImagePath;
    return { tree: source.digest, to: view.resolve(folder), rename, rules };
  }
  const to = view.resolve(destination.path);
  return withRedirects({ tree: source.digest, to, rules }, source, { view, roots: new Map() });
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
  const to = view.resolve(destination.path);
  const roots = new Map<ImagePath, ImagePath>();
  for (const path of selected) {
    const isFile = types.has(path) && types.get(path) !== 'directory';
    roots.set(path, isFile ? filePlace(path, destination, view) : to);
  }
  return withRedirects({ tree: source.digest, to, rules }, source, { view, roots });
}

function filePlace(path: ImagePath, destination: Destination, view: FolderView): ImagePath {
  if (destination.isFolder) return joinPath(view.resolve(destination.path), baseName(path) as ImagePath);
  const folder = view.resolve(parentPath(destination.path));
  return joinPath(folder, baseName(destination.path) as ImagePath);
}

/**
 * Adds a redirect for each path of the source that has a place of its own (`roots`), and for each folder that the image
 * has a link for (`bin` on a usr-merged base).
 */
function withRedirects(
  placement: Placement,
  source: SourceTree,
  { view, roots }: { readonly view: FolderView; readonly roots: ReadonlyMap<ImagePath, ImagePath> },
): Placement {
  const redirects = new Map(roots);
  // Without a link in the image every other folder stands straight below the one above it.
  const folders = view.hasLinks ? foldersOf(source) : [];
  const places = new Map<ImagePath, ImagePath>([...roots, [rootPath, placement.to]]);
  for (const folder of folders) {
    const above = places.get(parentPath(folder)) ?? placement.to;
    const straight = joinPath(above, baseName(folder) as ImagePath);
    const place = roots.get(folder) ?? view.resolve(straight);
    places.set(folder, place);
    if (place !== straight) redirects.set(folder, place);
  }
  redirects.delete(rootPath);
  return redirects.size === 0 ? placement : { ...placement, redirects: recordOf(redirects) };
}

/** A record without a prototype: a folder may be called `constructor` or `__proto__`. */
function recordOf(redirects: ReadonlyMap<ImagePath, ImagePath>): Readonly<Record<ImagePath, ImagePath>> {
  const record = Object.create(null) as Record<ImagePath, ImagePath>;
  for (const [from, to] of redirects) record[from] = to;
  return record;
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
