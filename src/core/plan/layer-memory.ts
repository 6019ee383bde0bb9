/**
 * Layers that were planned before, by all that decides how they are planned: the recipe's words, the settings, the
 * digests of the sources, and the image below. A layer of fifty thousand files is then planned without one of its
 * entries. Only layers that were planned without a word to say are remembered, so a remembered plan has the same
 * diagnostics as a new one.
 */
import { type Digest, digestOfValue } from '../digest/digest.ts';
import type { LayerRecipe, SingleLayer } from '../recipe/recipe.ts';
import { accountsIn, type AccountTexts } from '../tree/account-texts.ts';
import type { SourcedTree } from '../tree/file-tree.ts';
import { layerKey } from './cache-key.ts';
import { type FolderChange, recalledView } from './folder-view.ts';
import type { LayerToPlan, PlannedLayer } from './planned-layer.ts';
import { type Below, sourceTreeOf } from './place-item.ts';
import { filesDigest } from './left-out.ts';
import type { Planning, RememberedLayer } from './planning.ts';
import type { SourceTree } from './snapshot.ts';

/** Raised when a layer would be planned in another way for the same inputs. */
const version = 3;

/** What a layer reads, and the key it is remembered under; undefined where a source has failed, or nothing is read. */
export function rememberedBy(
  planning: Planning,
  { layer, compression }: LayerToPlan,
  below: Below,
): { readonly key: Digest; readonly trees: ReadonlyMap<Digest, SourcedTree> } | undefined {
  const sources = itemsOf(layer)
    .filter(hasSource)
    .map((item) => sourceTreeOf(planning, item, below.platform));
  const known = sources.filter((source) => source !== undefined);
  if (known.length === 0 || known.length !== sources.length) return undefined;
  const { view, files, ...under } = below;
  const shown = layer.dedupe === undefined || files === undefined ? {} : { shown: filesDigest(files()) };
  const read = known.map((source) => ({ digest: source.digest, ...saidBeside(source) }));
  const { settings } = planning;
  const key = digestOfValue({
    version,
    settings,
    layer,
    compression,
    read,
    under,
    view: view.id(),
    ...shown,
  });
  return { key, trees: new Map(known.map((source) => [source.digest, source])) };
}

function itemsOf(layer: LayerRecipe): readonly SingleLayer[] {
  return layer.kind === 'group' ? layer.items : [layer];
}

function hasSource({ kind }: SingleLayer): boolean {
  return kind !== 'dir' && kind !== 'link' && kind !== 'remove';
}

/** What a planner may know of a source beside its tree. */
function saidBeside(source: SourceTree): AccountTexts & Pick<SourceTree, 'single'> {
  return { single: source.single, ...accountsIn(source) };
}

/** The layer as it would be planned again; label and cause are those of today's recipe. */
export function recalledLayer(
  remembered: RememberedLayer,
  asked: LayerToPlan & { readonly settings: Planning['settings']; readonly trees: PlannedLayer['trees'] },
  below: Below,
): PlannedLayer {
  const { placements, entries, compression, leftOut, accounts, view } = remembered;
  const inputs = { placements, entries, compression, ...(leftOut === undefined ? {} : { leftOut }) };
  const { label, layer, settings, trees } = asked;
  return {
    action: { kind: 'layer', label, key: layerKey(inputs, settings), cause: layer.at, ...inputs },
    view: recalledView(below.view, {
      id: view.id,
      changes: () => JSON.parse(view.changes) as FolderChange[],
    }),
    accounts,
    trees,
  };
}
