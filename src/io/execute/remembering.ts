/** Where a build looks for what earlier ones remembered of sources and plans, and whether it adds to it. */
import { openLockMemory } from '../source/lock-memory.ts';
import type { LockUse } from '../source/settle-lock.ts';
import { emptyStatIndex, loadStatIndex, type StatIndex, statIndexFile } from '../source/stat-index.ts';
import type { RecipeIdentity } from './build-history.ts';
import type { KeptIndexes } from './kept-indexes.ts';
import { loadPlanMemory, type PlanMemory } from './plan-memory.ts';

export interface Remembering {
  /** Where digests of files are remembered by their times. */
  readonly folder: string;
  readonly access: 'read-write' | 'read-only';
  /** Holds it all open between two plans, and is saved by whoever made it. */
  readonly kept?: KeptIndexes;
}

/** Empty without a place to remember in: then every file is read. */
export function openStatIndex(place: Remembering | undefined, context: string): StatIndex {
  if (place === undefined) return emptyStatIndex();
  const { folder, kept } = place;
  return kept?.statIndex(context) ?? loadStatIndex({ file: statIndexFile(folder, context), context });
}

export function openPlanMemory(
  place: Remembering | undefined,
  recipe: RecipeIdentity,
): PlanMemory | undefined {
  return place && (place.kept?.planMemory(recipe) ?? loadPlanMemory(place.folder, recipe));
}

/** The lock's text is parsed where there is no place to remember in. */
export function rememberingLock(place: Remembering | undefined, lock: LockUse): LockUse {
  return place === undefined ? lock : { ...lock, memory: openLockMemory(place, lock.path) };
}

/** Never throws. */
export function saveRemembered(place: Remembering | undefined, memory: { save(): void } | undefined): void {
  if (place?.access === 'read-write' && place.kept === undefined) memory?.save();
}
