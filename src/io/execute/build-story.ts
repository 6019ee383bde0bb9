/**
 * Which two builds answer "why was this made again?". Asked before a build: what the recipe gives now against the last
 * build. Asked after it, when these are the same: the last build that made the thing in question against the one before.
 */
import type { ActionExplanation, ComparedBuilds, Explanation } from '../../core/compare/explanation.ts';
import type { BuildInputs, BuildRecord } from '../../core/plan/build-inputs.ts';
import type { PortablePlan } from '../../core/plan/plan.ts';
import type { ContentOpener } from '../source/open-content.ts';
import type { PackageRecall } from '../source/source-packages.ts';
import type { Store } from '../store/store.ts';
import { recallResult } from './action-result.ts';
import { buildsLike, listBuilds, recallBuild, type RecipeIdentity } from './build-history.ts';
import { explainBetween, withKnownVersions } from './explain-builds.ts';

export interface Comparison {
  /** The build that is explained; absent where it is the one that the recipe would give now. */
  readonly of?: BuildRecord;
  readonly since: BuildRecord;
  readonly explanation: Explanation;
}

export interface Story {
  readonly now: Comparison;
  /** The last recorded build that changed something, where there is nothing to do now. */
  readonly earlier?: Comparison;
}

export interface StoryRequest {
  readonly store: Store;
  readonly portable: PortablePlan;
  readonly inputs: BuildInputs;
  readonly contents: ContentOpener;
  readonly packagesOf?: PackageRecall | undefined;
  /** Newest first, at least one; `now` is held against the first. */
  readonly builds: readonly BuildRecord[];
  /** Whether an action is in question. */
  readonly isAsked: (action: ActionExplanation) => boolean;
}

/** The builds that one with these inputs follows, newest first; those whose records are no longer whole are left out. */
export async function recordedBuilds(
  store: Store,
  { identity, inputs }: { readonly identity: RecipeIdentity; readonly inputs: BuildInputs },
): Promise<readonly BuildRecord[]> {
  const records: BuildRecord[] = [];
  for (const listed of buildsLike(await listBuilds(store.results, identity), inputs.selection)) {
    const record = await recallBuild(store, listed);
    if (record !== undefined) records.push(record);
  }
  return records;
}

/** Undefined where no build is recorded. */
export async function tellStory(request: StoryRequest): Promise<Story | undefined> {
  const { store, inputs, builds } = request;
  const [since] = builds;
  if (since === undefined) return undefined;
  const found = await between({ before: since, now: inputs }, request);
  const actions = await Promise.all(found.actions.map((one) => lookedUp(one, store)));
  const now = asked({ since, explanation: { ...found, actions } }, request);
  if (says(now)) return { now };
  const earlier = await earlierChange(request);
  return earlier === undefined ? { now } : { now, earlier };
}

async function between(builds: ComparedBuilds, request: StoryRequest): Promise<Explanation> {
  const { store, contents, portable, packagesOf } = request;
  const { trees } = portable;
  const explanation = await explainBetween(builds, { store, trees, packagesOf });
  return withKnownVersions(explanation, { store, trees, contents });
}

/** Whether the store still has what a build of the same made, or has already what changed since the last one. */
async function lookedUp(one: ActionExplanation, store: Store): Promise<ActionExplanation> {
  if (one.verdict === 'gone') return one;
  const isKnown = (await recallResult(store, one.action, 'leave')) !== undefined;
  if (one.verdict === 'same') return isKnown ? one : { ...one, verdict: 'lost' };
  return isKnown ? { ...one, cached: true } : one;
}

async function earlierChange(request: StoryRequest): Promise<Comparison | undefined> {
  const { builds } = request;
  for (const [at, of] of builds.entries()) {
    const since = builds[at + 1];
    if (since === undefined) return undefined;
    const explanation = await between({ before: since, now: of }, request);
    const comparison = asked({ of, since, explanation }, request);
    if (says(comparison)) return comparison;
  }
  return undefined;
}

/** What is in question alone. */
function asked(comparison: Comparison, { isAsked }: StoryRequest): Comparison {
  const { actions, idle } = comparison.explanation;
  return { ...comparison, explanation: { actions: actions.filter(isAsked), idle } };
}

/** Whether anything was, or has to be, made anew. */
export function says({ explanation }: Comparison): boolean {
  return explanation.actions.some(({ verdict }) => verdict !== 'same');
}
