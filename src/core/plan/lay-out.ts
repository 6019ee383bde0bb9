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

type LayerToLay = Pick<LayerAction, 'placements' | 'entries' | 'leftOut'>;
type TreeOf = (digest: Digest) => SourcedTree | undefined;

export interface LaidOut {
  /** Sorted by path bytes, unique. */
  readonly entries: readonly TreeEntry[];
  /** Paths that two placements claim, or that are a folder in one and something else in another. */
  readonly collisions: readonly Collision[];
}

export interface LaidEntry {
  readonly entry: TreeEntry;
  /** Where its content is; undefined for what has none. */
  readonly source: ContentSource | undefined;
  /** Position in `placements`, or `ownEntry`. */
  readonly placement: number;
}

export interface Collision {
  readonly path: ImagePath;
  /** Positions in `placements`, or `ownEntry`. */
  readonly first: number;
  readonly second: number;
}

/** Stands for the layer's own entries where a position in `placements` is asked for. */
export const ownEntry = -1;

type Claim = LaidEntry;

export function layOut(layer: LayerToLay, treeOf: TreeOf): LaidOut {
  const collisions: Collision[] = [];
  const sorted = [...uniqueClaims(sortedClaims(layer, treeOf), collisions)];
  findFilesAsFolders(sorted, collisions);
  const ordered = orderHardlinks(sorted);
  return { entries: ordered.map(({ entry }) => entry), collisions };
}

/**
 * The entries of a layer that was planned, so without collisions, each with where its content is. They are made one
 * after another and kept by nobody, but where hardlinks have to be put in order.
 */
export function laidEntries(layer: LayerToLay, treeOf: TreeOf): Iterable<LaidEntry> {
  const claims = uniqueClaims(sortedClaims(layer, treeOf), []);
  const trees = layer.placements.map(({ tree }) => treeOf(tree)?.tree.entries ?? []);
  const linked = [layer.entries, ...trees].some((entries) => entries.some(({ type }) => type === 'hardlink'));
  return linked ? orderHardlinks([...claims]) : claims;
}

/** All claims in the order of their paths; of those to one path the later ones stand behind the earlier. */
function sortedClaims(layer: LayerToLay, treeOf: TreeOf): Iterable<Claim> {
  const claims = allClaims(layer, treeOf);
  return layer.leftOut === undefined ? claims : without(claims, new Set(layer.leftOut.paths));
}

function* without(claims: Iterable<Claim>, leftOut: ReadonlySet<ImagePath>): Generator<Claim> {
  for (const claim of claims) if (!leftOut.has(claim.entry.path)) yield claim;
}

function allClaims(layer: LayerToLay, treeOf: TreeOf): Iterable<Claim> {
  const placed = layer.placements.map((placement, index) => {
    const sourced = treeOf(placement.tree);
    if (sourced === undefined) throw new Bug(`the plan names tree ${placement.tree}, which is not here`);
    const claims = placeTree(placement, sourced, index);
    // Sorted, a tree stays so unless parts of it go somewhere else.
    const stays = placement.redirects === undefined && isSorted(sourced.tree.entries);
    return stays ? claims : [...claims].sort(compareClaims);
  });
  const own = layer.entries.map((entry) => ({ entry, source: undefined, placement: ownEntry }));
  return [...placed, own.sort(compareClaims)].reduce(merge);
}

/** Whoever wrote a plan by hand may have shuffled it. */
function isSorted(entries: readonly TreeEntry[]): boolean {
  return entries.every((entry, at) => comparePaths(entries[at - 1]?.path ?? '', entry.path) <= 0);
}

function compareClaims(a: Claim, b: Claim): number {
  return comparePaths(a.entry.path, b.entry.path);
}

/** Two sorted sequences as one; of equals, those of the first come first. */
function* merge(first: Iterable<Claim>, second: Iterable<Claim>): Generator<Claim> {
  const rest = second[Symbol.iterator]();
  let next = rest.next();
  for (const claim of first) {
    for (; next.done !== true && compareClaims(next.value, claim) < 0; next = rest.next()) yield next.value;
    yield claim;
  }
  for (; next.done !== true; next = rest.next()) yield next.value;
}

function* placeTree(placement: Placement, sourced: SourcedTree, index: number): Generator<Claim> {
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

/** Of claims in the order of their paths the last to each path; folders merge, anything else collides. */
function* uniqueClaims(claims: Iterable<Claim>, collisions: Collision[]): Generator<Claim> {
  let before: Claim | undefined;
  for (const claim of claims) {
    if (before !== undefined && before.entry.path !== claim.entry.path) yield before;
    else if (before !== undefined && !bothFolders(before, claim))
      collisions.push({ path: claim.entry.path, first: before.placement, second: claim.placement });
    before = claim;
  }
  if (before !== undefined) yield before;
}

function bothFolders(one: Claim, other: Claim): boolean {
  return one.entry.type === 'directory' && other.entry.type === 'directory';
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
    if (collisions.some(({ path }) => path === above?.entry.path)) continue;
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
