/**
 * Which words of the recipe put an entry into a layer, and where its content is. `placeAt` (planning.ts) turns the
 * pointer into a line. Group items are told apart as far as the plan does: by what they place, else by their names.
 */
import type { RecipePath } from '../diagnostic/source-text.ts';
import type { Digest } from '../digest/digest.ts';
import type { LayerRecipe, SingleLayer, Target } from '../recipe/recipe.ts';
import type { ContentSource, SourcedTree, TreeEntry } from '../tree/file-tree.ts';
import { baseName, isWithin } from '../tree/image-path.ts';
import { layerLabel } from './action-label.ts';
import { laidEntries } from './lay-out.ts';
import type { LayerAction } from './plan.ts';

export interface EntryOrigin {
  readonly entry: TreeEntry;
  /** JSON Pointer of the layer, or of the item of a group. */
  readonly at: RecipePath;
  /** Where the content is: a file of the context, bytes of the recipe, an archive, another image's layer. */
  readonly source: ContentSource | undefined;
}

/** Finds the layer of the recipe that an action makes; nothing for a plan that another recipe gave. */
export type LayerFinder = (action: LayerAction) => LayerRecipe | undefined;

/** Of the layers at one place, which are those for several platforms, the one with the action's words is meant. */
export function layerFinder(targets: readonly Target[]): LayerFinder {
  const layers = new Map<RecipePath, LayerRecipe[]>();
  for (const layer of targets.flatMap(({ image }) => image.layers)) {
    const known = layers.get(layer.at);
    if (known === undefined) layers.set(layer.at, [layer]);
    else known.push(layer);
  }
  return ({ cause, label }) => {
    const found = layers.get(cause) ?? [];
    return found.find((layer) => layerLabel(layer) === label) ?? found[0];
  };
}

/** Every entry of a layer with its origin, in the layer's order; one after another, kept by nobody. */
export function* entryOrigins(
  action: LayerAction,
  layer: LayerRecipe | undefined,
  treeOf: (digest: Digest) => SourcedTree | undefined,
): Generator<EntryOrigin> {
  const items = itemsOf(layer);
  const placing = placingItems(layer);
  for (const { entry, source, placement } of laidEntries(action, treeOf)) {
    const item = placing[placement] ?? namingItem(items, entry) ?? placing[needing(action, entry)];
    yield { entry, source, at: item?.at ?? action.cause };
  }
}

/** The items of a layer that place a source, in the order of the action's placements. */
export function placingItems(layer: LayerRecipe | undefined): readonly SingleLayer[] {
  return itemsOf(layer).filter(({ kind }) => kind !== 'dir' && kind !== 'link' && kind !== 'remove');
}

function itemsOf(layer: LayerRecipe | undefined): readonly SingleLayer[] {
  if (layer === undefined) return [];
  return layer.kind === 'group' ? layer.items : [layer];
}

/** The first placement that needs the folder: it goes there, or below. */
function needing({ placements }: LayerAction, { path }: TreeEntry): number {
  return placements.findIndex(({ to }) => isWithin(to, path));
}

/** The item that names an entry of the recipe's own; undefined for the folders above what was placed. */
function namingItem(items: readonly SingleLayer[], entry: TreeEntry): SingleLayer | undefined {
  return items.find((item) => namesOf(item).includes(baseName(entry.path)) && makes(item, entry));
}

function makes({ kind }: SingleLayer, { type }: TreeEntry): boolean {
  if (kind === 'remove') return type === 'removed';
  if (kind === 'link') return type === 'symlink' || type === 'hardlink';
  return kind === 'dir' && type === 'directory';
}

/** The last names of the paths that an item writes out. */
function namesOf(item: SingleLayer): readonly string[] {
  if (item.kind === 'remove') return item.paths.map(lastName);
  return item.kind === 'link' || item.kind === 'dir' ? [lastName(item.path)] : [];
}

function lastName(written: string): string {
  return written.split('/').findLast((part) => part !== '' && part !== '.') ?? '';
}
