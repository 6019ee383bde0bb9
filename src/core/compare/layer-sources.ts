/**
 * What the recipe says of each layer of an image that was built from it, and of each path in the layer: the words that
 * put it there and, for a file of the context, where its content lies.
 */
import type { RecipePath } from '../diagnostic/source-text.ts';
import { entryOrigins, layerFinder, type LayerFinder } from '../plan/entry-origin.ts';
import type { Action, CacheKey, FetchAction, ImageAction, LayerAction, PortablePlan } from '../plan/plan.ts';
import type { Target } from '../recipe/recipe.ts';
import type { ContentSource } from '../tree/file-tree.ts';
import type { ImagePath } from '../tree/image-path.ts';
import { imageAction } from './layer-origins.ts';

export interface LayerSource {
  readonly label: string;
  readonly at: RecipePath;
  /** By the paths of the layer's own tree; empty for a layer of the base. */
  readonly paths: ReadonlyMap<ImagePath, PathSource>;
}

export interface PathSource {
  readonly at: RecipePath;
  /** A file of the context: the content itself, or the archive that it is in. */
  readonly source?: string;
}

export interface Planned {
  readonly portable: PortablePlan;
  readonly targets: readonly Target[];
}

/** One for each layer of the image that the action with this key makes, lowest first. */
export function layerSources(planned: Planned, key: CacheKey): readonly LayerSource[] {
  const actions = new Map(planned.portable.plan.actions.map((action) => [action.key, action]));
  const image = imageAction(key, actions);
  const base = baseSources(image, actions);
  const find = layerFinder(planned.targets);
  return image.layers.map((input, position) => {
    const made = input.from === 'action' ? actions.get(input.key) : undefined;
    return made?.kind === 'layer' ? sourceOf(made, find, planned.portable) : base(position);
  });
}

/** Layers of a base are called by its reference, and by their number where there are several. */
function baseSources(
  { layers, needs }: ImageAction,
  actions: ReadonlyMap<CacheKey, Action>,
): (position: number) => LayerSource {
  const fetch = needs
    .map((key) => actions.get(key))
    .find((action): action is FetchAction => action?.kind === 'fetch');
  const count = layers.filter(({ from }) => from === 'base').length;
  const { label = 'base', cause = '' } = fetch ?? {};
  return (position) => ({
    label: count === 1 ? label : `${label} (${String(position + 1)} of ${String(count)})`,
    at: cause,
    paths: new Map(),
  });
}

function sourceOf(action: LayerAction, find: LayerFinder, { trees }: PortablePlan): LayerSource {
  const paths = new Map<ImagePath, PathSource>();
  const origins = entryOrigins(action, find(action), (digest) => trees[digest]);
  for (const { entry, at, source } of origins) {
    const file = fileOf(source);
    paths.set(entry.path, { at, ...(file === undefined ? {} : { source: file }) });
  }
  return { label: action.label, at: action.cause, paths };
}

function fileOf(source: ContentSource | undefined): string | undefined {
  return source?.in === 'context' || source?.in === 'archive' ? source.path : undefined;
}
