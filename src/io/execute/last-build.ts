/**
 * What the last build of a recipe was made of, so that this one can say what changed. A hint for people: it decides
 * nothing, and losing it costs words only. The record is found by the recipe's own place on this computer, which
 * enters no key of an action and no byte of an image.
 */
import { digestOfValue, type Digest } from '../../core/digest/digest.ts';
import type { LastBuild } from '../../core/plan/explain.ts';
import type { Action, PortablePlan } from '../../core/plan/plan.ts';
import type { FileTree } from '../../core/tree/file-tree.ts';
import type { ResultCache } from '../store/store.ts';

const version = 1;

/** Names the recipe whose builds follow one another: its absolute folder and its file's name. */
export interface RecipeIdentity {
  readonly folder: string;
  readonly file: string;
}

export async function recallLastBuild(
  results: ResultCache,
  recipe: RecipeIdentity,
): Promise<LastBuild | undefined> {
  const record = await results.get('last-build', digestOfValue(recipe));
  return isVersioned(record) && Array.isArray(record['actions'])
    ? { actions: record['actions'] as readonly Action[] }
    : undefined;
}

/** Remembers the plan's actions, and each tree that is not remembered yet. */
export async function rememberBuild(
  results: ResultCache,
  recipe: RecipeIdentity,
  { plan, trees }: PortablePlan,
): Promise<void> {
  for (const [digest, { tree }] of Object.entries(trees)) {
    const key = digest as Digest;
    if ((await recallTree(results, key)) === undefined) await results.put('tree', key, { version, tree });
  }
  await results.put('last-build', digestOfValue(recipe), { version, actions: plan.actions });
}

export async function recallTree(results: ResultCache, digest: Digest): Promise<FileTree | undefined> {
  const record = await results.get('tree', digest);
  return isVersioned(record) ? (record['tree'] as FileTree) : undefined;
}

function isVersioned(record: unknown): record is Record<string, unknown> {
  return (
    typeof record === 'object' &&
    record !== null &&
    (record as Record<string, unknown>)['version'] === version
  );
}
