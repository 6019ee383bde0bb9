/**
 * What the last build of a recipe was made of, so that this one can say what changed. A hint for people: it decides
 * nothing, and losing it costs words only. The record is found by the recipe's own place on this computer, which
 * enters no key of an action and no byte of an image.
 */
import { digestOfValue, type Digest } from '../../core/digest/digest.ts';
import type { LastBuild } from '../../core/plan/explain.ts';
import type { Action, PortablePlan } from '../../core/plan/plan.ts';
import type { FileTree, SourcedTree } from '../../core/tree/file-tree.ts';
import { treeText } from '../../core/tree/tree-text.ts';
import { isRemembered, recall, rememberBlob } from '../source/remembered.ts';
import type { ResultCache, Store } from '../store/store.ts';

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
  store: Store,
  recipe: RecipeIdentity,
  { plan, trees }: PortablePlan,
): Promise<void> {
  for (const [digest, sourced] of Object.entries(trees)) {
    const key = digest as Digest;
    if (!(await isRemembered(store, 'tree', key))) await rememberTree(store, key, sourced);
  }
  await store.results.put('last-build', digestOfValue(recipe), { version, actions: plan.actions });
}

/** The text of a tree has the digest that names the tree. */
async function rememberTree(store: Store, digest: Digest, { tree }: SourcedTree): Promise<void> {
  const writer = store.blobs.createWriter({ digest });
  try {
    for (const piece of treeText(tree)) writer.write(Buffer.from(piece));
    await writer.commit();
  } finally {
    writer.abort();
  }
  await rememberBlob(store, { kind: 'tree', key: digest }, digest);
}

export async function recallTree(store: Store, digest: Digest): Promise<FileTree | undefined> {
  return (await recall(store, 'tree', digest)) as FileTree | undefined;
}

function isVersioned(record: unknown): record is Record<string, unknown> {
  return (
    typeof record === 'object' &&
    record !== null &&
    (record as Record<string, unknown>)['version'] === version
  );
}
