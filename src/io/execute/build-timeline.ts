/** When what of a recipe's last build ran, kept for the report. For people only: losing it costs a picture. */
import { digestOfValue } from '../../core/digest/digest.ts';
import type { Timeline } from '../../core/event/timeline.ts';
import { StoreError } from '../store/store-error.ts';
import type { ResultCache } from '../store/store.ts';
import type { RecipeIdentity } from './build-history.ts';

const kind = 'timeline';
const version = 1;

/** Nothing is written for a build that found everything done; a store that cannot be written to costs no build. */
export async function rememberTimeline(
  results: ResultCache,
  recipe: RecipeIdentity,
  timeline: Timeline,
): Promise<void> {
  if (!hasWork(timeline)) return;
  try {
    await results.put(kind, digestOfValue(recipe), { version, timeline });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
  }
}

export async function recallTimeline(
  results: ResultCache,
  recipe: RecipeIdentity,
): Promise<Timeline | undefined> {
  const record = await results.get(kind, digestOfValue(recipe));
  if (typeof record !== 'object' || record === null) return undefined;
  const { version: found, timeline } = record as Readonly<Record<string, unknown>>;
  return found === version ? (timeline as Timeline) : undefined;
}

/** Whether anything was made, or moved anywhere. */
function hasWork({ spans }: Timeline): boolean {
  return spans.some(({ outcome, bytes }) => outcome === 'built' || (outcome === 'delivered' && bytes > 0));
}
