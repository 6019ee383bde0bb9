/**
 * Every entry of every layer of an image, with what became of it: which layer brought it, and which later one replaced
 * or removed it (image-spec layer.md, Applying Changesets and Whiteouts). mergeLayers keeps only what stands in the end.
 */
import type { FileTree, NodeEntry } from '../tree/file-tree.ts';
import { locateInTree } from '../tree/follow-links.ts';
import { foldersAbove, type ImagePath } from '../tree/image-path.ts';
import { isWhiteout, takesAway } from '../tree/whiteout-entry.ts';

export interface StackedEntry {
  readonly entry: NodeEntry;
  /** Where it stands once links among the folders above were followed. */
  readonly path: ImagePath;
  /** Position of the layer, lowest 0. */
  readonly layer: number;
  /** The layer that replaced or removed it; absent for what stands in the end. */
  readonly hiddenBy?: number;
}

/**
 * Layers with their whiteouts, lowest first; the entries in the layers' order. A folder that
 * is named again counts once, for the layer that brought it, as the last one has it.
 */
export function stackLayers(layers: readonly FileTree[]): StackedEntry[] {
  const stack: Stack = { all: [], standing: new Map(), folders: new Set() };
  layers.forEach(({ entries }, layer) => {
    const whiteouts = entries
      .filter(isWhiteout)
      .map(({ type, path }) => ({ type, path: locate(stack, path) }));
    if (whiteouts.length > 0)
      hideWhere(stack, layer, (path) => whiteouts.some((one) => takesAway(one, path)));
    for (const entry of entries) if (!isWhiteout(entry)) addEntry(stack, entry, layer);
  });
  return stack.all;
}

interface Standing {
  entry: NodeEntry;
  readonly path: ImagePath;
  readonly layer: number;
  hiddenBy?: number;
}

interface Stack {
  readonly all: Standing[];
  readonly standing: Map<ImagePath, Standing>;
  /** Every path that something stood below, whether a layer names it as a folder or not. */
  readonly folders: Set<ImagePath>;
}

function locate({ standing }: Stack, path: ImagePath): ImagePath {
  return locateInTree((at) => standing.get(at)?.entry, path);
}

function addEntry(stack: Stack, entry: NodeEntry, layer: number): void {
  const path = locate(stack, entry.path);
  const before = stack.standing.get(path);
  if (entry.type === 'directory' && before?.entry.type === 'directory') {
    before.entry = entry;
    return;
  }
  for (const folder of foldersAbove(path)) {
    stack.folders.add(folder);
    const above = stack.standing.get(folder);
    if (above !== undefined && above.entry.type !== 'directory') hide(stack, above, layer);
  }
  if (before !== undefined) hide(stack, before, layer);
  if (entry.type !== 'directory' && stack.folders.has(path))
    hideWhere(stack, layer, (other) => other.startsWith(`${path}/`));
  const added: Standing = { entry, path, layer };
  stack.all.push(added);
  stack.standing.set(path, added);
}

function hideWhere(stack: Stack, layer: number, isGone: (path: ImagePath) => boolean): void {
  for (const one of [...stack.standing.values()]) if (isGone(one.path)) hide(stack, one, layer);
}

function hide(stack: Stack, one: Standing, layer: number): void {
  one.hiddenBy = layer;
  stack.standing.delete(one.path);
}
