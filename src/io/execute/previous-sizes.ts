/**
 * How large was what the last build of a recipe made, as far as the store remembers it: what people are told of growth.
 * The next build that succeeds replaces the record, so it is asked before.
 */
import { actionBefore } from '../../core/plan/explain.ts';
import type { CacheKey, Plan } from '../../core/plan/plan.ts';
import type { Store } from '../store/store.ts';
import { headOf, readResult } from './action-result.ts';
import { recallLastBuild, type RecipeIdentity } from './last-build.ts';

/** Bytes by the key of the action that stands at the same place of the recipe now. */
export async function previousSizes(
  { actions }: Pick<Plan, 'actions'>,
  { results }: Pick<Store, 'results'>,
  recipe: RecipeIdentity,
): Promise<ReadonlyMap<CacheKey, number>> {
  const last = await recallLastBuild(results, recipe);
  const sizes = new Map<CacheKey, number>();
  for (const action of actions) {
    const before = actionBefore(action, last);
    const result = before === undefined ? undefined : readResult(await results.get(before.kind, before.key));
    if (result !== undefined) sizes.set(action.key, headOf(result).size);
  }
  return sizes;
}
