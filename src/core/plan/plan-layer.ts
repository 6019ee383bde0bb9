/** One layer of the recipe as an action: its sources placed, the folders above them named, its key known. */
import type { Digest } from '../digest/digest.ts';
import { escapeText } from '../diagnostic/escape-text.ts';
import type { Compression, LayerRecipe, SingleLayer } from '../recipe/recipe.ts';
import type { SourcedTree, TreeEntry } from '../tree/file-tree.ts';
import { comparePaths } from '../tree/image-path.ts';
import type { Accounts } from './account.ts';
import { layerKey } from './cache-key.ts';
import { type FolderView, foldersFor } from './folder-view.ts';
import { type Collision, layOut } from './lay-out.ts';
import { metadataRules } from './metadata-rules.ts';
import { type Below, type PlacedItem, placeItem } from './place-item.ts';
import type { LayerAction } from './plan.ts';
import { addError, placeAt, type Planning } from './planning.ts';

export interface PlannedLayer {
  readonly action: LayerAction;
  /** The image's folders and accounts with this layer on top. */
  readonly view: FolderView;
  readonly accounts: Accounts;
  readonly trees: ReadonlyMap<Digest, SourcedTree>;
}

export interface LayerToPlan {
  readonly layer: LayerRecipe;
  readonly label: string;
  /** The image's, where the layer names none of its own. */
  readonly compression: Compression;
}

/** Undefined where a problem was added instead. */
export function planLayer(planning: Planning, asked: LayerToPlan, below: Below): PlannedLayer | undefined {
  const { layer, label } = asked;
  const placed = placeItems(planning, layer, below);
  if (placed === undefined) return undefined;
  const trees = new Map(
    placed.flatMap(({ placement, tree }) => (placement && tree ? [[placement.tree, tree]] : [])),
  );
  const placements = placed.flatMap(({ placement }) => (placement === undefined ? [] : [placement]));
  const own = placed.flatMap(({ entries }) => entries);
  const laid = layOut({ placements, entries: own }, (digest) => trees.get(digest));
  if (laid.collisions.length > 0) {
    const sources = placed.filter(({ placement }) => placement !== undefined).map(({ item }) => item);
    for (const collision of laid.collisions) addCollision(planning, collision, { layer, sources });
    return undefined;
  }
  const named = new Set(laid.entries.map((entry) => entry.path));
  const above = foldersFor(named, below.view).filter((folder) => !named.has(folder.path));
  const entries = uniqueEntries([...own, ...above]);
  const inputs = { placements, entries, compression: layer.compression ?? asked.compression };
  return {
    action: { kind: 'layer', label, key: layerKey(inputs, planning.settings), cause: layer.at, ...inputs },
    view: below.view.after([...above, ...laid.entries]),
    accounts: placed.reduce<Accounts>((known, item) => ({ ...known, ...item.accounts }), below.accounts),
    trees,
  };
}

/** Places every item, so that each reports its own problems. */
function placeItems(planning: Planning, layer: LayerRecipe, below: Below): PlacedItem[] | undefined {
  const items = layer.kind === 'group' ? layer.items : [layer];
  const placed: PlacedItem[] = [];
  for (const item of items) {
    const rules = metadataRules(planning, { layer, item, accounts: below.accounts });
    const result = rules === undefined ? undefined : placeItem(planning, { item, rules }, below);
    if (result !== undefined) placed.push(result);
  }
  return placed.length === items.length ? placed : undefined;
}

function uniqueEntries(entries: readonly TreeEntry[]): TreeEntry[] {
  const unique = new Map(entries.map((entry) => [entry.path, entry]));
  return [...unique.values()].sort((a, b) => comparePaths(a.path, b.path));
}

function addCollision(
  planning: Planning,
  collision: Collision,
  claimed: { readonly layer: LayerRecipe; readonly sources: readonly SingleLayer[] },
): void {
  const first = claimed.sources[collision.first] ?? claimed.layer;
  const second = claimed.sources[collision.second] ?? claimed.layer;
  const place = placeAt(planning.recipe, first.at);
  addError(planning, second.at, {
    code: 'plan/path-claimed-twice',
    message: `/${escapeText(collision.path)} is claimed twice in one layer`,
    help: 'leave one of them out with `exclude`, or put them in two layers: the later layer wins',
    ...(place === undefined ? {} : { related: [{ message: 'first claimed here', place }] }),
  });
}
