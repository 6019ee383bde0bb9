/**
 * Lays a layer out: from placements of source trees and the recipe's own entries to the sorted, unique entries that
 * the pack writes, each file with where its content is. Pure; the planner uses it to find collisions and the executor
 * to make bytes, so both see the same tree.
 */
import { Bug } from '../diagnostic/bug.ts';
import type { Digest } from '../digest/digest.ts';
import type {
  Contents,
  ContentSource,
  HardlinkEntry,
  NodeEntry,
  SourcedTree,
  TreeEntry,
} from '../tree/file-tree.ts';
import { comparePaths, type ImagePath, joinPath, parentPath } from '../tree/image-path.ts';
import type { LayerAction, MetadataRules, Placement } from './plan.ts';

export interface LaidOut {
  /** Sorted by path bytes, unique. */
  readonly entries: readonly TreeEntry[];
  /** Where the content of each entry is, in the order of the entries; undefined for what has none. */
  readonly sources: readonly (ContentSource | undefined)[];
  /** Paths that two placements claim, or that are a folder in one and something else in another. */
  readonly collisions: readonly Collision[];
}

export interface Collision {
  readonly path: ImagePath;
  /** Positions in `placements`, or `ownEntry`. */
  readonly first: number;
  readonly second: number;
}

/** Stands for the layer's own entries where a position in `placements` is asked for. */
export const ownEntry = -1;

interface Claim {
  readonly entry: TreeEntry;
  readonly source: ContentSource | undefined;
  readonly placement: number;
}

export function layOut(
  layer: Pick<LayerAction, 'placements' | 'entries'>,
  treeOf: (digest: Digest) => SourcedTree | undefined,
): LaidOut {
  const claims: Claim[] = [];
  layer.placements.forEach((placement, index) => {
    const sourced = treeOf(placement.tree);
    if (sourced === undefined) throw new Bug(`the plan names tree ${placement.tree}, which is not here`);
    for (const claim of placeTree(placement, sourced, index)) claims.push(claim);
  });
  for (const entry of layer.entries) claims.push({ entry, source: undefined, placement: ownEntry });
  const collisions: Collision[] = [];
  const sorted = uniqueClaims(claims, collisions);
  findFilesAsFolders(sorted, collisions);
  const ordered = orderHardlinks(sorted);
  return {
    entries: ordered.map(({ entry }) => entry),
    sources: ordered.map(({ source }) => source),
    collisions,
  };
}

function* placeTree(placement: Placement, sourced: SourcedTree, index: number): Iterable<Claim> {
  const place = placer(placement);
  for (const entry of sourced.tree.entries) {
    const moved = { ...entry, path: place(entry.path) };
    const linked = moved.type === 'hardlink' ? { ...moved, target: place(moved.target) } : moved;
    yield {
      entry: applyRules(linked, placement.rules),
      source: sourceOf(sourced.contents, entry.path),
      placement: index,
    };
  }
}

/** A file of an image may be called `constructor`, and a plan that was read from a file has ordinary records. */
function sourceOf(contents: Contents, path: ImagePath): ContentSource | undefined {
  return Object.hasOwn(contents, path) ? contents[path] : undefined;
}

/** Where a path of the source comes to stand: below `to`, or below the folder that a link of the image leads to. */
export function placer(placement: Placement): (path: ImagePath) => ImagePath {
  const { to, rename, redirects } = placement;
  if (rename !== undefined) return () => joinPath(to, rename);
  if (redirects === undefined) return (path) => joinPath(to, path);
  return (path) => {
    for (let folder = path; folder !== ''; folder = parentPath(folder)) {
      const target = Object.hasOwn(redirects, folder) ? redirects[folder] : undefined;
      if (target !== undefined) return joinPath(target, path.slice(folder.length + 1) as ImagePath);
    }
    return joinPath(to, path);
  };
}

function applyRules(entry: TreeEntry, rules: MetadataRules): TreeEntry {
  return entry.type === 'removed' || entry.type === 'opaque' ? entry : withRules(entry, rules);
}

function withRules<Entry extends NodeEntry>(entry: Entry, rules: MetadataRules): Entry {
  if (Object.keys(rules).length === 0) return entry;
  const xattrs =
    entry.type === 'file' && rules.xattrs !== undefined ? { ...entry.xattrs, ...rules.xattrs } : undefined;
  const mode = entry.type === 'directory' ? rules.dirMode : entry.type === 'symlink' ? undefined : rules.mode;
  return {
    ...entry,
    ...rules.owner,
    ...(rules.mtime === undefined ? {} : { mtime: rules.mtime }),
    ...(mode === undefined ? {} : { mode }),
    ...(xattrs === undefined ? {} : { xattrs }),
  };
}

/** The claims in the order of their paths, the last of those to one path; folders merge, anything else collides. */
function uniqueClaims(claims: Claim[], collisions: Collision[]): Claim[] {
  const unique: Claim[] = [];
  // The sort is stable: of claims to one path, the later stand behind the earlier.
  for (const claim of claims.sort((a, b) => comparePaths(a.entry.path, b.entry.path))) {
    const before = unique.at(-1);
    if (before?.entry.path !== claim.entry.path) {
      unique.push(claim);
      continue;
    }
    unique[unique.length - 1] = claim;
    if (before.entry.type !== 'directory' || claim.entry.type !== 'directory') {
      collisions.push({ path: claim.entry.path, first: before.placement, second: claim.placement });
    }
  }
  return unique;
}

/** The claim to a path, of claims in the order of their paths. */
function claimTo(path: ImagePath, sorted: readonly Claim[]): Claim | undefined {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const claim = sorted[middle];
    if (claim !== undefined && comparePaths(claim.entry.path, path) < 0) from = middle + 1;
    else to = middle;
  }
  const found = sorted[from];
  return found?.entry.path === path ? found : undefined;
}

function findFilesAsFolders(sorted: readonly Claim[], collisions: Collision[]): void {
  let folder: ImagePath | undefined;
  let above: Claim | undefined;
  for (const { entry, placement } of sorted) {
    if (entry.path === '') continue;
    const parent = parentPath(entry.path);
    if (parent !== folder) above = claimTo(parent, sorted);
    folder = parent;
    if (above === undefined || above.entry.type === 'directory' || above.entry.type === 'opaque') continue;
    collisions.push({ path: above.entry.path, first: above.placement, second: placement });
  }
}

/**
 * A hardlink has to stand after the file it names. Where the names of one file would sort the other way, the first
 * name becomes the file and the others its links.
 */
function orderHardlinks(sorted: readonly Claim[]): readonly Claim[] {
  /** For each file that has a name before its own, the first of its names. */
  const first = new Map<ImagePath, ImagePath>();
  for (const { entry } of sorted) {
    if (entry.type !== 'hardlink' || first.has(entry.target)) continue;
    if (comparePaths(entry.path, entry.target) < 0 && claimTo(entry.target, sorted)?.entry.type === 'file') {
      first.set(entry.target, entry.path);
    }
  }
  return sorted.map((claim) => reorder(claim, { first, sorted }));
}

interface Hardlinks {
  readonly first: ReadonlyMap<ImagePath, ImagePath>;
  readonly sorted: readonly Claim[];
}

function reorder(claim: Claim, { first, sorted }: Hardlinks): Claim {
  const { entry } = claim;
  if (entry.type === 'hardlink') {
    const target = claimTo(entry.target, sorted);
    return first.get(entry.target) === entry.path && target?.entry.type === 'file'
      ? { ...target, entry: { ...target.entry, path: entry.path } }
      : { ...claim, entry: reorderLink(entry, target, first) };
  }
  const name = entry.type === 'file' ? first.get(entry.path) : undefined;
  if (name === undefined || entry.type !== 'file') return claim;
  return { ...claim, entry: linkTo(entry, name), source: undefined };
}

/** The names of one file have one owner, mode and time: unpackers apply a link's own to the file. */
function reorderLink(
  link: HardlinkEntry,
  file: Claim | undefined,
  first: ReadonlyMap<ImagePath, ImagePath>,
): HardlinkEntry {
  const target = first.get(link.target) ?? link.target;
  return file?.entry.type === 'file'
    ? linkTo({ ...file.entry, path: link.path }, target)
    : { ...link, target };
}

function linkTo(entry: NodeEntry, target: ImagePath): HardlinkEntry {
  const { path, mode, uid, gid, mtime, xattrs } = entry;
  return {
    type: 'hardlink',
    path,
    mode,
    uid,
    gid,
    mtime,
    target,
    ...(xattrs === undefined ? {} : { xattrs }),
  };
}
