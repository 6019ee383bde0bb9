/**
 * Why an action has to run: what its inputs were in the last build beside what they are now, said in a few words.
 * Pure; the records of the last build are read by io/execute.
 */
import { canonicalJson } from '../digest/canonical-json.ts';
import type { Digest } from '../digest/digest.ts';
import { escapeText } from '../diagnostic/escape-text.ts';
import type { FileTree, TreeEntry } from '../tree/file-tree.ts';
import type { ImagePath } from '../tree/image-path.ts';
import type { Action, CacheKey, ImageAction, LayerAction, Plan } from './plan.ts';

/** What a build leaves behind for the next one's explanations: its actions, without trees. */
export interface LastBuild {
  readonly actions: readonly Action[];
}

export interface TreeChanges {
  readonly added: readonly ImagePath[];
  readonly removed: readonly ImagePath[];
  readonly changed: readonly ImagePath[];
}

/** The trees of this plan and of the last build, as far as they are known. */
export type TreeLookup = (digest: Digest) => FileTree | undefined;

/** A few words for each action of the plan: what changed since the last build, by key. */
export function explainPlan(
  plan: Plan,
  last: LastBuild | undefined,
  treeOf: TreeLookup,
): Map<CacheKey, string> {
  const changedLayers = new Map<CacheKey, string>();
  for (const action of plan.actions) if (action.kind === 'layer') changedLayers.set(action.key, action.label);
  return new Map(
    plan.actions.map((action) => [
      action.key,
      explainAction(action, { last, treeOf, labels: changedLayers }),
    ]),
  );
}

/** The trees that explainPlan looks into: those of layers that changed, as they were and as they are. */
export function comparedTrees(plan: Plan, last: LastBuild | undefined): Digest[] {
  const keys = new Set(last?.actions.map(({ key }) => key));
  return plan.actions.flatMap((action) => {
    const before = keys.has(action.key) ? undefined : actionBefore(action, last);
    if (action.kind !== 'layer' || before?.kind !== 'layer') return [];
    return action.placements.flatMap((placement, index) => {
      const old = before.placements[index];
      return old === undefined || old.tree === placement.tree ? [] : [old.tree, placement.tree];
    });
  });
}

/** What stood at the action's place of the recipe in the last build. */
export function actionBefore(action: Action, last: LastBuild | undefined): Action | undefined {
  return last?.actions.find(
    (one) => one.kind === action.kind && one.cause === action.cause && samePlatform(one, action),
  );
}

interface Known {
  readonly last: LastBuild | undefined;
  readonly treeOf: TreeLookup;
  readonly labels: ReadonlyMap<CacheKey, string>;
}

function explainAction(action: Action, known: Known): string {
  const actions = known.last?.actions ?? [];
  if (actions.some((before) => before.key === action.key))
    return 'the same as last time, but its result is gone';
  const before = actionBefore(action, known.last);
  if (before === undefined) return known.last === undefined ? 'first build' : 'new in the recipe';
  if (action.kind === 'layer' && before.kind === 'layer') return explainLayer(action, before, known.treeOf);
  if (action.kind === 'image' && before.kind === 'image') return explainImage(action, before, known.labels);
  if (action.kind === 'fetch' && before.kind === 'fetch') return 'the base image has moved';
  return 'an image of it changed';
}

function samePlatform(a: Action, b: Action): boolean {
  if (a.kind !== 'image' || b.kind !== 'image') return true;
  return canonicalJson(a.platform) === canonicalJson(b.platform);
}

function explainLayer(now: LayerAction, before: LayerAction, treeOf: TreeLookup): string {
  const reasons: string[] = [];
  now.placements.forEach((placement, index) => {
    const old = before.placements[index];
    if (old === undefined || old.tree === placement.tree) return;
    const [oldTree, newTree] = [treeOf(old.tree), treeOf(placement.tree)];
    reasons.push(oldTree && newTree ? describeChanges(compareTrees(oldTree, newTree)) : 'its files changed');
  });
  if (differ(now.placements.map(withoutTree), before.placements.map(withoutTree)))
    reasons.push('where or how files are placed');
  if (differ(now.entries, before.entries)) reasons.push('folders, links or removals');
  if (differ(now.compression, before.compression)) reasons.push('compression');
  return reasons.length === 0 ? 'the layer format changed' : reasons.join('; ');
}

function withoutTree(placement: LayerAction['placements'][number]): unknown {
  return { ...placement, tree: undefined };
}

function explainImage(now: ImageAction, before: ImageAction, labels: ReadonlyMap<CacheKey, string>): string {
  const old = new Set(before.layers.map((layer) => canonicalJson(layer)));
  const layers = now.layers
    .filter((layer) => !old.has(canonicalJson(layer)))
    .map((layer) => (layer.from === 'action' ? (labels.get(layer.key) ?? 'a layer') : 'the base'));
  if (layers.length > 0) return `changed: ${layers.join(', ')}`;
  if (now.layers.length !== before.layers.length || differ(now.layers, before.layers))
    return 'layers removed or moved';
  const fields = (['config', 'created', 'history', 'annotations', 'baseConfig', 'format'] as const).filter(
    (field) => differ(now[field], before[field]),
  );
  return `changed: ${fields.join(', ')}`;
}

function differ(a: unknown, b: unknown): boolean {
  return canonicalJson(a) !== canonicalJson(b);
}

/** Paths that two trees do not have in common, each list in byte order. */
export function compareTrees(before: FileTree, now: FileTree): TreeChanges {
  const old = new Map(before.entries.map((entry) => [entry.path, entry]));
  const current = new Set(now.entries.map((entry) => entry.path));
  const added: ImagePath[] = [];
  const changed: ImagePath[] = [];
  for (const entry of now.entries) {
    const was = old.get(entry.path);
    if (was === undefined) added.push(entry.path);
    else if (entryDiffers(was, entry)) changed.push(entry.path);
  }
  const removed = before.entries.filter((entry) => !current.has(entry.path)).map((entry) => entry.path);
  return { added, removed, changed };
}

function entryDiffers(a: TreeEntry, b: TreeEntry): boolean {
  return a !== b && canonicalJson(a) !== canonicalJson(b);
}

/** `3 files changed: server.js, routes.js, db.js`: at most three names, then how many more. */
export function describeChanges(changes: TreeChanges): string {
  const { added, removed, changed } = changes;
  const parts = [countOf(changed, 'changed'), countOf(added, 'added'), countOf(removed, 'removed')];
  const said = parts.filter((part) => part !== '');
  return said.length === 0 ? 'its files changed' : said.join('; ');
}

function countOf(paths: readonly ImagePath[], verb: string): string {
  if (paths.length === 0) return '';
  const names = paths.slice(0, 3).map((path) => escapeText(path));
  const more = paths.length > names.length ? `, and ${String(paths.length - names.length)} more` : '';
  const noun = paths.length === 1 ? 'file' : 'files';
  return `${String(paths.length)} ${noun} ${verb}: ${names.join(', ')}${more}`;
}
