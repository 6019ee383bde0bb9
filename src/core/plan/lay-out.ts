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
  readonly contents: ReadonlyMap<ImagePath, ContentSource>;
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
  const claims = new Map<ImagePath, Claim>();
  const collisions: Collision[] = [];
  layer.placements.forEach((placement, index) => {
    const sourced = treeOf(placement.tree);
    if (sourced === undefined) throw new Bug(`the plan names tree ${placement.tree}, which is not here`);
    for (const claim of placeTree(placement, sourced, index)) addClaim(claims, claim, collisions);
  });
  for (const entry of layer.entries)
    addClaim(claims, { entry, source: undefined, placement: ownEntry }, collisions);
  return finish(claims, collisions);
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

function addClaim(claims: Map<ImagePath, Claim>, claim: Claim, collisions: Collision[]): void {
  const path = claim.entry.path;
  const before = claims.get(path);
  const merges = before?.entry.type === 'directory' && claim.entry.type === 'directory';
  if (before !== undefined && !merges) {
    collisions.push({ path, first: before.placement, second: claim.placement });
  }
  claims.set(path, claim);
}

function finish(claims: Map<ImagePath, Claim>, collisions: Collision[]): LaidOut {
  const sorted = [...claims.values()].sort((a, b) => comparePaths(a.entry.path, b.entry.path));
  findFilesAsFolders(sorted, claims, collisions);
  const { entries, moved } = orderHardlinks(sorted, claims);
  const contents = new Map<ImagePath, ContentSource>();
  for (const { entry, source } of sorted) if (source !== undefined) contents.set(entry.path, source);
  for (const [to, from] of moved) {
    const source = contents.get(from);
    if (source !== undefined) contents.set(to, source);
  }
  return { entries, contents, collisions };
}

function findFilesAsFolders(
  sorted: readonly Claim[],
  claims: ReadonlyMap<ImagePath, Claim>,
  collisions: Collision[],
): void {
  for (const { entry, placement } of sorted) {
    const above = entry.path === '' ? undefined : claims.get(parentPath(entry.path));
    if (above === undefined || above.entry.type === 'directory' || above.entry.type === 'opaque') continue;
    collisions.push({ path: above.entry.path, first: above.placement, second: placement });
  }
}

/**
 * A hardlink has to stand after the file it names. Where the names of one file would sort the other way, the first
 * name becomes the file and the others its links; `moved` maps each new file to the path its content was under.
 */
function orderHardlinks(
  sorted: readonly Claim[],
  claims: ReadonlyMap<ImagePath, Claim>,
): { entries: TreeEntry[]; moved: Map<ImagePath, ImagePath> } {
  const first = new Map<ImagePath, ImagePath>();
  for (const { entry } of sorted) {
    if (entry.type !== 'hardlink' || first.has(entry.target)) continue;
    if (comparePaths(entry.path, entry.target) < 0 && claims.get(entry.target)?.entry.type === 'file') {
      first.set(entry.target, entry.path);
    }
  }
  const moved = new Map([...first].map(([target, name]) => [name, target]));
  const entries = sorted.map(({ entry }) => reorder(entry, { first, moved, claims }));
  return { entries, moved };
}

function reorder(
  entry: TreeEntry,
  order: {
    first: ReadonlyMap<ImagePath, ImagePath>;
    moved: ReadonlyMap<ImagePath, ImagePath>;
    claims: ReadonlyMap<ImagePath, Claim>;
  },
): TreeEntry {
  const from = order.moved.get(entry.path);
  const file = from === undefined ? undefined : order.claims.get(from)?.entry;
  if (file !== undefined) return { ...file, path: entry.path };
  if (entry.type === 'hardlink') return reorderLink(entry, order);
  const name = entry.type === 'file' ? order.first.get(entry.path) : undefined;
  return name === undefined || entry.type !== 'file' ? entry : linkTo(entry, name);
}

/** The names of one file have one owner, mode and time: unpackers apply a link's own to the file. */
function reorderLink(
  link: HardlinkEntry,
  { first, claims }: { first: ReadonlyMap<ImagePath, ImagePath>; claims: ReadonlyMap<ImagePath, Claim> },
): HardlinkEntry {
  const target = first.get(link.target) ?? link.target;
  const file = claims.get(link.target)?.entry;
  return file?.type === 'file' ? linkTo({ ...file, path: link.path }, target) : { ...link, target };
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
