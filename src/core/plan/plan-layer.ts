/** One layer of the recipe as an action: its sources placed, the folders above them named, its key known. */
import { escapeText } from '../diagnostic/escape-text.ts';
import { joinPointer } from '../diagnostic/source-text.ts';
import type { LayerRecipe, SingleLayer } from '../recipe/recipe.ts';
import type { TreeEntry } from '../tree/file-tree.ts';
import { accountPath, accountTexts, unreadText } from '../tree/account-texts.ts';
import { comparePaths, type ImagePath, isWithin } from '../tree/image-path.ts';
import type { Accounts } from './account.ts';
import { layerKey } from './cache-key.ts';
import { type FolderChange, foldersFor } from './folder-view.ts';
import { recalledLayer, rememberedBy } from './layer-memory.ts';
import { leftOutOf } from './left-out.ts';
import { type Collision, type LaidOut, layOut } from './lay-out.ts';
import { metadataRules } from './metadata-rules.ts';
import { type Below, type PlacedItem, placeItem } from './place-item.ts';
import type { LayerToPlan, PlannedLayer } from './planned-layer.ts';
import { addError, addWarning, placeAt, type Planning } from './planning.ts';

/** Undefined where a problem was added instead. */
export function planLayer(planning: Planning, asked: LayerToPlan, below: Below): PlannedLayer | undefined {
  const { memory, settings, problems } = planning;
  const by = memory === undefined ? undefined : rememberedBy(planning, asked, below);
  if (memory === undefined || by === undefined) return drawLayer(planning, asked, below);
  const remembered = memory.recall(by.key);
  if (remembered !== undefined)
    return recalledLayer(remembered, { ...asked, settings, trees: by.trees }, below);
  const said = problems.length;
  const drawn = drawLayer(planning, asked, below);
  if (drawn === undefined || problems.length > said) return drawn;
  const { accounts, view, changes } = drawn;
  const { placements, entries, compression, leftOut } = drawn.action;
  const seen = { id: view.id(), changes: JSON.stringify(changes) };
  const saved = leftOut === undefined ? {} : { leftOut };
  memory.keep(by.key, { placements, entries, compression, ...saved, accounts, view: seen });
  return drawn;
}

type DrawnLayer = PlannedLayer & { readonly changes: readonly FolderChange[] };

function drawLayer(planning: Planning, asked: LayerToPlan, below: Below): DrawnLayer | undefined {
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
  if (linksAlone(planning, placed, laid)) return undefined;
  if (layer.dedupe !== undefined && below.isEmpty) warnOfNothingBelow(planning, layer);
  const leftOut =
    layer.dedupe === undefined || below.files === undefined
      ? undefined
      : leftOutOf(laid.entries, below.files());
  const gone = new Set(leftOut?.paths);
  const named = new Set(laid.entries.flatMap(({ path }) => (gone.has(path) ? [] : [path])));
  const above = foldersFor(named, below.view).filter((folder) => !named.has(folder.path));
  const entries = uniqueEntries([...own, ...above]);
  const inputs = {
    placements,
    entries,
    compression: layer.compression ?? asked.compression,
    ...(leftOut === undefined ? {} : { leftOut }),
  };
  const changes = below.view.changes([...above, ...laid.entries]);
  return {
    action: { kind: 'layer', label, key: layerKey(inputs, planning.settings), cause: layer.at, ...inputs },
    view: below.view.after(changes),
    changes,
    accounts: accountsAfter(below.accounts, placed, laid),
    trees,
  };
}

function warnOfNothingBelow(planning: Planning, layer: LayerRecipe): void {
  addWarning(planning, joinPointer(layer.at, 'dedupe'), {
    code: 'plan/nothing-to-dedupe',
    message: '`dedupe` has no layer below it, so there is nothing that could be there already',
    help: 'leave it out, or name a base with `from`',
  });
}

/**
 * overlayfs drivers unpack a layer by itself, so a hard link to a file of a lower layer fails there; and its owner and
 * mode, which unpackers apply to the file, are not known here.
 */
function linksAlone(planning: Planning, placed: readonly PlacedItem[], { entries }: LaidOut): boolean {
  const laid = new Map(entries.map((entry) => [entry.path, entry]));
  const alone = placed.filter(({ item, entries: [own] }) => {
    const link = item.kind === 'link' && own !== undefined ? laid.get(own.path) : undefined;
    return link?.type === 'hardlink' && laid.get(link.target)?.type !== 'file';
  });
  for (const { item } of alone) {
    addError(planning, item.at, {
      code: 'plan/hardlink-alone',
      message: 'a hard link has to name a file of the same layer',
      help: 'put both into one `group`, or leave out `hard` for a symbolic link',
    });
  }
  return alone.length > 0;
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

/**
 * The accounts of the image with this layer on top: what was removed is known no more, and a file that came without its
 * text is known to be there.
 */
function accountsAfter(known: Accounts, placed: readonly PlacedItem[], { entries }: LaidOut): Accounts {
  const gone = (file: ImagePath): boolean =>
    entries.some(({ path, type }) => path === file || (type !== 'directory' && isWithin(file, path)));
  const brought = (file: ImagePath): boolean => entries.some((one) => one.path === file && isFile(one));
  const kept = accountTexts((name) => {
    const path = accountPath(name);
    if (!gone(path)) return known[name];
    return brought(path) ? unreadText : undefined;
  });
  return placed.reduce<Accounts>((accounts, item) => ({ ...accounts, ...item.accounts }), kept);
}

/** Anything but a folder or a link, which a view of folders knows. */
function isFile({ type }: TreeEntry): boolean {
  return type !== 'directory' && type !== 'symlink' && type !== 'removed' && type !== 'opaque';
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
