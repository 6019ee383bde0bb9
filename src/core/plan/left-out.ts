/**
 * `dedupe: base`: what of a layer the image below shows already, in the same words: type, content, owner, mode, time and
 * attributes. `below` is the base image with the recipe's earlier layers on it, whiteouts applied.
 */
import { type Digest, digestOf } from '../digest/digest.ts';
import { canonicalJson } from '../digest/canonical-json.ts';
import { emptyContents, type FileTree, type SourcedTree, type TreeEntry } from '../tree/file-tree.ts';
import { foldersAbove, type ImagePath } from '../tree/image-path.ts';
import { mergeLayers } from '../tree/merge-layers.ts';
import { entriesText } from '../tree/tree-text.ts';
import { layOut } from './lay-out.ts';
import type { LayerAction, LeftOut } from './plan.ts';

/** Undefined where everything is new. `entries` are the layer's, sorted. */
export function leftOutOf(entries: readonly TreeEntry[], below: FileTree): LeftOut | undefined {
  const shown = new Map(below.entries.map((entry) => [entry.path, entry]));
  const linked = new Set([...linkedPaths(below.entries), ...linkedPaths(entries)]);
  const gone = new Set(entries.filter(isWhiteout).map(({ path }) => path));
  const isSame = (entry: TreeEntry): boolean => {
    const before = shown.get(entry.path);
    if (before === undefined || linked.has(entry.path) || isGone(entry.path, gone)) return false;
    return canonicalJson(before) === canonicalJson(entry);
  };
  // A folder that something new stands in is named by the layer in any case.
  const needed = new Set<ImagePath>();
  const same = entries.filter((entry) => {
    if (isSame(entry)) return true;
    for (const folder of foldersAbove(entry.path)) needed.add(folder);
    return false;
  });
  const left = same.filter(({ type, path }) => type !== 'directory' || !(needed.has(path) || path === ''));
  if (left.length === 0) return undefined;
  const files = left.filter((entry) => entry.type === 'file');
  return { paths: left.map(({ path }) => path), files: files.length, bytes: sumOf(files) };
}

/** A file that has several names stays as it is: leaving one out would give it another number of links. */
function linkedPaths(entries: readonly TreeEntry[]): ImagePath[] {
  return entries.flatMap((entry) => (entry.type === 'hardlink' ? [entry.path, entry.target] : []));
}

function isWhiteout({ type }: TreeEntry): boolean {
  return type === 'removed' || type === 'opaque';
}

function isGone(path: ImagePath, gone: ReadonlySet<ImagePath>): boolean {
  return gone.size > 0 && [path, ...foldersAbove(path)].some((one) => gone.has(one));
}

function sumOf(files: readonly { readonly size: number }[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

/** What an image shows once the layer is on it. */
export function filesAfter(
  below: FileTree,
  action: Pick<LayerAction, 'placements' | 'entries'>,
  trees: ReadonlyMap<Digest, SourcedTree>,
): FileTree {
  const { entries } = layOut(action, (digest) => trees.get(digest));
  const contents = emptyContents();
  return mergeLayers([
    { tree: below, contents },
    { tree: { entries }, contents },
  ]).merged.tree;
}

/** Names what an image shows. */
export function filesDigest({ entries }: FileTree): Digest {
  return digestOf(new TextEncoder().encode(entriesText(entries)));
}
