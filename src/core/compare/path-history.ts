/**
 * What the layers of an image did to one path, lowest first: who brought it, who replaced it, who took it away
 * (image-spec layer.md, Applying Changesets and Whiteouts). The last step says what stands there.
 */
import { canonicalJson } from '../digest/canonical-json.ts';
import type { FileTree, TreeEntry } from '../tree/file-tree.ts';
import { type EntryAt, locateInTree } from '../tree/follow-links.ts';
import { type ImagePath, isWithin } from '../tree/image-path.ts';
import { isWhiteout, takesAway } from '../tree/whiteout-entry.ts';

export interface PathStep {
  /** Position of the layer, lowest 0. */
  readonly layer: number;
  readonly does: 'adds' | 'replaces' | 'removes';
  /** What does it, and where it stands: a folder above is hidden whole, and one that no layer names comes with its files. */
  readonly by: TreeEntry;
  readonly where: 'here' | 'above' | 'below';
}

export interface PathHistory {
  /** The path once the links among the folders above it were followed: `bin/sh` of a usr-merged image is `usr/bin/sh`. */
  readonly located: ImagePath;
  /** Empty where no layer names the path. */
  readonly steps: readonly PathStep[];
}

/** Layers with their whiteouts, lowest first. */
export function pathHistory(layers: readonly FileTree[], path: ImagePath): PathHistory {
  const placed = placeAll(layers);
  const located = locateInTree(placed.entryAt, path);
  const steps: PathStep[] = [];
  placed.layers.forEach((entries, layer) => {
    // Whiteouts take away what lower layers had, and nothing of their own layer.
    const [hiding, naming] = split(entries);
    for (const { at, entry } of hiding) {
      if (stands(steps) && takesAway({ type: entry.type, path: at }, located))
        steps.push({ layer, does: 'removes', by: entry, where: at === located ? 'here' : 'above' });
    }
    for (const { at, entry } of naming) addStep(steps, { at, entry, layer }, located);
  });
  return { located, steps };
}

/** What stands at the path in the end; undefined where nothing does. */
export function lastStep({ steps }: PathHistory): PathStep | undefined {
  const last = steps.at(-1);
  return last?.does === 'removes' ? undefined : last;
}

interface PlacedEntry {
  /** Where the entry comes to stand, links of the layers below followed. */
  readonly at: ImagePath;
  readonly entry: TreeEntry;
}

interface PlacedLayers {
  readonly layers: readonly (readonly PlacedEntry[])[];
  readonly entryAt: EntryAt;
}

function placeAll(layers: readonly FileTree[]): PlacedLayers {
  const links = new Map<ImagePath, TreeEntry>();
  const entryAt: EntryAt = (path) => links.get(path);
  const placed = layers.map(({ entries }) => {
    const at = entries.map((entry) => ({
      at: links.size === 0 ? entry.path : locateInTree(entryAt, entry.path),
      entry,
    }));
    for (const one of at) forgetLinks(links, one);
    for (const one of at) if (one.entry.type === 'symlink') links.set(one.at, one.entry);
    return at;
  });
  return { layers: placed, entryAt };
}

function forgetLinks(links: Map<ImagePath, TreeEntry>, { at, entry }: PlacedEntry): void {
  links.delete(at);
  if (entry.type === 'directory') return;
  for (const path of [...links.keys()])
    if (takesAway({ type: entry.type, path: at }, path)) links.delete(path);
}

function split(entries: readonly PlacedEntry[]): [PlacedEntry[], PlacedEntry[]] {
  return [
    entries.filter(({ entry }) => isWhiteout(entry)),
    entries.filter(({ entry }) => !isWhiteout(entry)),
  ];
}

function stands(steps: readonly PathStep[]): boolean {
  return steps.length > 0 && steps.at(-1)?.does !== 'removes';
}

function addStep(
  steps: PathStep[],
  { at, entry, layer }: PlacedEntry & { readonly layer: number },
  path: ImagePath,
): void {
  const before = stands(steps) ? steps.at(-1)?.by : undefined;
  if (at === path) {
    if (before !== undefined && isSameFolder(before, entry)) return;
    steps.push({ layer, does: before === undefined ? 'adds' : 'replaces', by: entry, where: 'here' });
    return;
  }
  if (isWithin(path, at)) {
    if (before !== undefined && entry.type !== 'directory')
      steps.push({ layer, does: 'removes', by: entry, where: 'above' });
    return;
  }
  // A folder that no layer names comes with what is in it.
  if (before === undefined && isWithin(at, path))
    steps.push({ layer, does: 'adds', by: entry, where: 'below' });
}

/** A folder that a layer names again as it is. */
function isSameFolder(before: TreeEntry, now: TreeEntry): boolean {
  return now.type === 'directory' && canonicalJson(before) === canonicalJson(now);
}
