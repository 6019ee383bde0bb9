/** Which action of a plan made each layer of an image that was built from it. */
import { Bug } from '../diagnostic/bug.ts';
import type { Digest } from '../digest/digest.ts';
import type { BuiltImage } from '../image/image.ts';
import type { Action, CacheKey, ImageAction, Plan } from '../plan/plan.ts';
import type { LayerOrigin } from './image-side.ts';

/** By the digest of the layer; layers of bases have no origin. `built` is an image of the plan. */
export function layerOrigins(plan: Plan, built: BuiltImage): ReadonlyMap<Digest, LayerOrigin> {
  const actions = new Map(plan.actions.map((action) => [action.key, action]));
  const planned = plan.images.find(({ name }) => name === built.name);
  const pairs = (planned?.platforms ?? []).flatMap(({ key }, index) => {
    const layers = built.images[index]?.layers ?? [];
    return imageAction(key, actions).layers.flatMap((input, position) => {
      const digest = layers[position]?.descriptor.digest;
      const origin = input.from === 'action' ? actions.get(input.key) : undefined;
      if (digest === undefined || origin === undefined) return [];
      return [[digest, { label: origin.label, cause: origin.cause }] as const];
    });
  });
  return new Map(pairs);
}

/** The action that makes the image with this key; it is one of the plan's. */
export function imageAction(key: CacheKey, actions: ReadonlyMap<CacheKey, Action>): ImageAction {
  const action = actions.get(key);
  if (action?.kind !== 'image') throw new Bug(`no image under ${key}`);
  return action;
}
