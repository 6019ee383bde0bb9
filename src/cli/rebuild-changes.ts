/** What one build of a watch has that the one before had not. */
import type { RecipePlan } from '../build.ts';
import { shortReason } from '../core/compare/short-reason.ts';
import type { ActionReason, RebuiltImage } from '../core/event/watch-event.ts';
import type { Action } from '../core/plan/plan.ts';
import { explainBetween } from '../io/execute/explain-builds.ts';
import type { Store } from '../io/store/store.ts';
import type { GoodBuild } from './good-build.ts';

/** Whether two plans give the same images under the same names. */
export function sameImages(before: RecipePlan | undefined, now: RecipePlan): boolean {
  return before !== undefined && imagesText(before) === imagesText(now);
}

function imagesText({ portable }: RecipePlan): string {
  return JSON.stringify(portable.plan.images);
}

/** For each action of a plan what it has that the plan before had not, in the words that `plan` and `build` have. */
async function changeReasons(before: RecipePlan, now: RecipePlan, store: Store): Promise<ActionReason[]> {
  const known = keysOf(before);
  const trees = { ...before.portable.trees, ...now.portable.trees };
  const { packagesOf } = now;
  const builds = { before: before.inputs, now: now.inputs };
  const { actions } = await explainBetween(builds, { store, trees, packagesOf });
  const reasons = new Map(actions.map((one) => [one.action.key, shortReason(one)]));
  return now.portable.plan.actions.map(({ key, label }) => ({
    label,
    reason: known.has(key) ? 'nothing changed' : (reasons.get(key) ?? ''),
  }));
}

/** The images that are others now, and what made them so; the store knows of packages. */
export async function changedImages(
  before: GoodBuild | undefined,
  now: GoodBuild,
  store: Store,
): Promise<{ readonly causes: readonly ActionReason[]; readonly images: readonly RebuiltImage[] }> {
  const images = now.images.map(({ name, root }) => {
    const old = before?.images.find((image) => image.name === name)?.root.digest;
    return { name, digest: root.digest, ...(old === undefined ? {} : { before: old }) };
  });
  const changed = images.filter(({ digest, before: old }) => digest !== old);
  return {
    causes: before === undefined ? [] : await causesOf(before.planned, now.planned, store),
    images: changed.length > 0 ? changed : images,
  };
}

/** Layers and bases that are new, or else images; each thing that is said once. */
async function causesOf(before: RecipePlan, now: RecipePlan, store: Store): Promise<ActionReason[]> {
  const known = keysOf(before);
  const reasons = await changeReasons(before, now, store);
  const isNew = ({ key }: Action): boolean => !known.has(key);
  const { actions } = now.portable.plan;
  const has = (wanted: readonly Action['kind'][]): ActionReason[] =>
    reasons.filter((_reason, at) => {
      const action = actions[at];
      return action !== undefined && isNew(action) && wanted.includes(action.kind);
    });
  const parts = has(['layer', 'fetch']);
  return unique(parts.length > 0 ? parts : has(['image']));
}

function keysOf({ portable }: RecipePlan): ReadonlySet<string> {
  return new Set(portable.plan.actions.map(({ key }) => key));
}

function unique(reasons: readonly ActionReason[]): ActionReason[] {
  return [...new Map(reasons.map((one) => [`${one.label}\n${one.reason}`, one])).values()];
}
