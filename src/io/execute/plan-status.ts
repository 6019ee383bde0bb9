/** What a plan would do here: for each action whether its result is in the store, and if not, why it has to run. */
import type { Digest } from '../../core/digest/digest.ts';
import { comparedTrees, explainPlan } from '../../core/plan/explain.ts';
import type { Action, PortablePlan } from '../../core/plan/plan.ts';
import type { FileTree } from '../../core/tree/file-tree.ts';
import type { Store } from '../store/store.ts';
import type { BaseLayers } from '../transport/fetch-base.ts';
import { type ActionResult, type KnownBlobs, recallResult } from './action-result.ts';
import { recallLastBuild, recallTree, type RecipeIdentity } from './last-build.ts';

export interface ActionStatus {
  readonly action: Action;
  /** The result, where it is known and whole. */
  readonly cached: ActionResult | undefined;
  /** Why it has to run; `nothing changed` where it is cached. */
  readonly reason: string;
}

export interface StatusRequest {
  readonly store: Store;
  readonly recipe: RecipeIdentity | undefined;
  /** Whether an action's result is to be made anew even where it is known (--no-cache). */
  readonly ignores: (action: Action) => boolean;
  readonly bases: BaseLayers;
}

export async function planStatus(portable: PortablePlan, request: StatusRequest): Promise<ActionStatus[]> {
  const { store, recipe, bases } = request;
  const cached = new Map<Digest, ActionResult>();
  const once = lookingOnce(store);
  for (const action of portable.plan.actions) {
    const result = request.ignores(action) ? undefined : await recallResult(once, action, bases);
    if (result !== undefined) cached.set(action.key, result);
  }
  const reasons =
    cached.size === portable.plan.actions.length ? new Map() : await reasonsOf(portable, store, recipe);
  return portable.plan.actions.map((action) => {
    const result = cached.get(action.key);
    if (result !== undefined) return { action, cached: result, reason: 'nothing changed' };
    const reason = request.ignores(action)
      ? 'asked for by --no-cache'
      : String(reasons.get(action.key) ?? 'first build');
    return { action, cached: undefined, reason };
  });
}

/** Each blob is looked for once, however many actions name it. */
function lookingOnce({ results, blobs }: Store): KnownBlobs {
  const sizes = new Map<Digest, Promise<number | undefined>>();
  const size = (digest: Digest): Promise<number | undefined> => {
    const known = sizes.get(digest) ?? blobs.size(digest);
    sizes.set(digest, known);
    return known;
  };
  return { results, blobs: { size } };
}

async function reasonsOf(
  portable: PortablePlan,
  store: Store,
  recipe: RecipeIdentity | undefined,
): Promise<Map<Digest, string>> {
  const last = recipe === undefined ? undefined : await recallLastBuild(store.results, recipe);
  const trees = new Map<Digest, FileTree>();
  for (const digest of comparedTrees(portable.plan, last)) {
    const tree = portable.trees[digest]?.tree ?? (await recallTree(store, digest));
    if (tree !== undefined) trees.set(digest, tree);
  }
  return explainPlan(portable.plan, last, (digest) => trees.get(digest));
}
