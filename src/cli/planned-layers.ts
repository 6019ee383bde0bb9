/**
 * The layers of an image that the recipe would give now, lowest first, each as a tree with where its entries come from:
 * the base's read out of their blobs, the recipe's own as they are planned, whether they were built or not.
 */
import { imageOpener, type RecipePlan } from '../build.ts';
import { Bug } from '../core/diagnostic/bug.ts';
import type { Place } from '../core/diagnostic/source-text.ts';
import type { Digest } from '../core/digest/digest.ts';
import type { Layer } from '../core/image/image.ts';
import { entryOrigins, layerFinder } from '../core/plan/entry-origin.ts';
import type { FetchAction, ImageAction, LayerAction } from '../core/plan/plan.ts';
import { placeAt } from '../core/plan/planning.ts';
import type { ContentSource, FileTree, TreeEntry } from '../core/tree/file-tree.ts';
import { recallResult } from '../io/execute/action-result.ts';
import { layerTree } from '../io/source/image-layers.ts';
import type { Session } from './session.ts';

export interface PlannedLayer {
  readonly tree: FileTree;
  /** The label of the action that makes it, or that brings it with a base. */
  readonly label: string;
  /** Undefined where it was not built yet. */
  readonly digest: Digest | undefined;
  readonly originOf: (entry: TreeEntry) => PlannedOrigin;
}

export interface PlannedOrigin {
  /** The words of the recipe that ask for it. */
  readonly place: Place | undefined;
  /** Where its content is; undefined for what has none, and for what a base brought. */
  readonly source: ContentSource | undefined;
}

/** Layers of bases are brought into the store, which takes its time where they come from a registry. */
export async function plannedLayers(
  image: ImageAction,
  planned: RecipePlan,
  session: Session,
): Promise<readonly PlannedLayer[]> {
  const actions = new Map(planned.portable.plan.actions.map((action) => [action.key, action]));
  const below = image.layers.flatMap((input) => (input.from === 'base' ? [input.layer] : []));
  const own = image.layers.flatMap((input) => (input.from === 'action' ? [actions.get(input.key)] : []));
  const base = image.needs.map((key) => actions.get(key)).find((action) => action?.kind === 'fetch');
  return [
    ...(base === undefined ? [] : await baseLayers(base, below, { planned, session })),
    ...(await Promise.all(
      own
        .filter((action) => action?.kind === 'layer')
        .map((action) => ownLayer(action, { planned, session })),
    )),
  ];
}

interface Planned {
  readonly planned: RecipePlan;
  readonly session: Session;
}

async function baseLayers(
  { location, label, cause }: FetchAction,
  layers: readonly Layer[],
  { planned, session }: Planned,
): Promise<PlannedLayer[]> {
  if (location.transport === 'scratch' || location.transport === 'image')
    throw new Bug(`${label} has nothing to fetch`);
  const origin = { place: placeAt(planned.recipe, cause), source: undefined };
  const source = await imageOpener(planned.contextFolder, session)(location);
  try {
    const read: PlannedLayer[] = [];
    for (const layer of layers) {
      const { tree } = await layerTree({ ...session, source }, layer);
      read.push({ tree, label, digest: layer.descriptor.digest, originOf: () => origin });
    }
    return read;
  } finally {
    await source.close();
  }
}

async function ownLayer(action: LayerAction, { planned, session }: Planned): Promise<PlannedLayer> {
  const { recipe, targets, portable } = planned;
  const layer = layerFinder(targets)(action);
  const origins = [...entryOrigins(action, layer, (digest) => portable.trees[digest])];
  const byEntry = new Map(origins.map((origin) => [origin.entry, origin]));
  const result = await recallResult(session.store, action, 'leave');
  return {
    tree: { entries: origins.map(({ entry }) => entry) },
    label: action.label,
    digest: result?.kind === 'layer' ? result.layer.descriptor.digest : undefined,
    originOf: (entry) => {
      const found = byEntry.get(entry);
      return { place: placeAt(recipe, found?.at ?? action.cause), source: found?.source };
    },
  };
}
