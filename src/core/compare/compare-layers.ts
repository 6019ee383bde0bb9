/**
 * Two lists of layers: which are the same bytes, which the same content in other bytes (another compression), which stand
 * elsewhere, and which were replaced. What replaces what is told by the words of whoever made them.
 */
import type { Digest } from '../digest/digest.ts';
import type { SideLayer } from './image-side.ts';

export interface ComparedLayer {
  /** From 0, the lowest. */
  readonly position: number;
  readonly digest: Digest;
  readonly diffId: Digest;
  readonly size: number;
  readonly mediaType: string;
  /** The label of the action that made it, where one of ours is known to have. */
  readonly label?: string;
  /** What the image's history says of it. */
  readonly createdBy?: string;
}

export type LayerDifference =
  | {
      /** `recompressed` has the same diffID and another digest. */
      readonly change: 'shared' | 'recompressed' | 'changed';
      /** Whether it stands at another place among those that both images have. */
      readonly moved: boolean;
      readonly before: ComparedLayer;
      readonly after: ComparedLayer;
    }
  | { readonly change: 'removed'; readonly before: ComparedLayer }
  | { readonly change: 'added'; readonly after: ComparedLayer };

/** In the order of the layers of `after`; those that are gone stand last. */
export function compareLayers(before: readonly SideLayer[], after: readonly SideLayer[]): LayerDifference[] {
  const [old, now] = [before.map(comparedLayer), after.map(comparedLayer)];
  const kept = pairs(old, now, ({ diffId }) => diffId);
  const [gone, fresh] = [without(old, kept.keys()), without(now, kept.values())];
  const replaced = pairs(gone, fresh, ({ createdBy = '' }) => createdBy);
  const moved = movedLayers(kept);
  const partners = new Map([...kept, ...replaced].map(([was, is]) => [is, was]));
  const told = now.map((layer): LayerDifference => {
    const partner = partners.get(layer);
    if (partner === undefined) return { change: 'added', after: layer };
    return { change: changeOf(partner, layer), moved: moved.has(layer), before: partner, after: layer };
  });
  const removed = without(gone, replaced.keys());
  return [...told, ...removed.map((layer): LayerDifference => ({ change: 'removed', before: layer }))];
}

function comparedLayer({ descriptor, diffId, history, origin }: SideLayer, position: number): ComparedLayer {
  const { digest, size, mediaType } = descriptor;
  const [label, createdBy] = [origin?.label, history?.created_by];
  return {
    position,
    digest,
    diffId,
    size,
    mediaType,
    ...(label === undefined ? {} : { label }),
    ...(createdBy === undefined ? {} : { createdBy }),
  };
}

type Pairs = ReadonlyMap<ComparedLayer, ComparedLayer>;

/** Each layer with the first one of the others that is called the same and has no partner yet. */
function pairs(
  old: readonly ComparedLayer[],
  now: readonly ComparedLayer[],
  nameOf: (layer: ComparedLayer) => string,
): Pairs {
  const free = new Map<string, ComparedLayer[]>();
  for (const layer of now) free.set(nameOf(layer), [...(free.get(nameOf(layer)) ?? []), layer]);
  return new Map(
    old.flatMap((layer) => {
      const partner = free.get(nameOf(layer))?.shift();
      return partner === undefined ? [] : [[layer, partner] as const];
    }),
  );
}

function without(layers: readonly ComparedLayer[], taken: Iterable<ComparedLayer>): ComparedLayer[] {
  const known = new Set(taken);
  return layers.filter((layer) => !known.has(layer));
}

/** Those of the later image that stand at another place among the layers that both have. */
function movedLayers(kept: Pairs): ReadonlySet<ComparedLayer> {
  const inOldOrder = [...kept.values()];
  const inNewOrder = inOldOrder.toSorted((a, b) => a.position - b.position);
  return new Set(inNewOrder.filter((layer, rank) => layer !== inOldOrder[rank]));
}

function changeOf(before: ComparedLayer, after: ComparedLayer): 'shared' | 'recompressed' | 'changed' {
  if (before.diffId !== after.diffId) return 'changed';
  return before.digest === after.digest ? 'shared' : 'recompressed';
}
