/** What a plan would do here: for each action whether its result is in the store, and if not, why it has to run. */
import type { Digest } from '../../core/digest/digest.ts';
import type { BuildInputs } from '../../core/plan/build-inputs.ts';
import type { Action, PortablePlan } from '../../core/plan/plan.ts';
import type { PackageRecall } from '../source/source-packages.ts';
import type { Store } from '../store/store.ts';
import type { BaseLayers } from '../transport/fetch-base.ts';
import { type ActionResult, type KnownBlobs, recallResult } from './action-result.ts';
import type { RecipeIdentity } from './build-history.ts';

export interface ActionStatus {
  readonly action: Action;
  /** The result, where it is known and whole. */
  readonly cached: ActionResult | undefined;
  /** Why it has to run; `nothing changed` where it is cached. */
  readonly reason: string;
}

export interface StatusRequest {
  readonly store: Store;
  /** Whose builds came before; absent for a plan made elsewhere. */
  readonly identity?: RecipeIdentity | undefined;
  readonly inputs?: BuildInputs | undefined;
  readonly packagesOf?: PackageRecall | undefined;
  /** Whether an action's result is to be made anew even where it is known (--no-cache). */
  readonly ignores: (action: Action) => boolean;
  readonly bases: BaseLayers;
}

export async function planStatus(portable: PortablePlan, request: StatusRequest): Promise<ActionStatus[]> {
  const { store, bases } = request;
  const cached = new Map<Digest, ActionResult>();
  const once = lookingOnce(store);
  for (const action of portable.plan.actions) {
    const result = request.ignores(action) ? undefined : await recallResult(once, action, bases);
    if (result !== undefined) cached.set(action.key, result);
  }
  const isDone = cached.size === portable.plan.actions.length;
  // What compares builds is loaded where there is something to say.
  const reasons = isDone
    ? undefined
    : await (await import('./explain-builds.ts')).reasonsOf(portable, request);
  const words = request.identity === undefined ? wordsOfOthers : wordsOfBuilds;
  return portable.plan.actions.map((action) => {
    const result = cached.get(action.key);
    if (result !== undefined) return { action, cached: result, reason: 'nothing changed' };
    const reason = request.ignores(action) ? words.ignored : (reasons?.get(action.key) ?? words.unknown);
    return { action, cached: undefined, reason };
  });
}

const wordsOfBuilds = { ignored: 'asked for by --no-cache', unknown: 'first build' };
/** Of what is made to be looked at, or by a plan from elsewhere, nobody knows whether it is the first. */
const wordsOfOthers = { ignored: 'made anew', unknown: 'not in the store' };

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
