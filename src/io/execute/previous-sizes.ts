/**
 * How large was what the last build of a recipe made, as far as the store remembers it: what people are told of growth.
 * The next build that succeeds becomes the last one, so it is asked before.
 */
import { pairActions } from '../../core/compare/pair-actions.ts';
import type { BuildInputs } from '../../core/plan/build-inputs.ts';
import type { CacheKey } from '../../core/plan/plan.ts';
import type { Store } from '../store/store.ts';
import { headOf, readResult } from './action-result.ts';
import { recallLastBuild, type RecipeIdentity } from './build-history.ts';

/** Bytes by the key of the action that follows the one of the last build. */
export async function previousSizes(
  store: Store,
  build: { readonly identity: RecipeIdentity; readonly inputs: BuildInputs },
): Promise<ReadonlyMap<CacheKey, number>> {
  const last = await recallLastBuild(store, build);
  const sizes = new Map<CacheKey, number>();
  for (const { now, before } of pairActions(build.inputs.plan.actions, last?.plan.actions ?? []).pairs) {
    const result =
      before === undefined ? undefined : readResult(await store.results.get(before.kind, before.key));
    if (result !== undefined) sizes.set(now.key, headOf(result).size);
  }
  return sizes;
}
