/**
 * Why a build would make, or made, what an earlier one did not: the inputs of both set side by side, action by action
 * and field by field. Pure; what is known of earlier builds is read by io/execute/build-history.ts.
 */
import type { Digest } from '../digest/digest.ts';
import { formatPlatform, type Platform } from '../oci/platform.ts';
import type { BuildInputs } from '../plan/build-inputs.ts';
import type { Action, CacheKey } from '../plan/plan.ts';
import { type Change, changeOf, differing, isSame } from './change.ts';
import { explainFetch, explainImage, explainIndex } from './explain-image.ts';
import { explainLayer, type PackageLookup, type TreeLookup, treesCompared } from './explain-layer.ts';
import { type PairedActions, pairActions } from './pair-actions.ts';
import { ignoreChanges } from './request-changes.ts';

export interface ActionExplanation {
  readonly action: Action;
  /**
   * `gone`: the earlier build made it, the later has none. `lost`: as it was, but the store no longer has what it made;
   * that is for those to say who look into the store.
   */
  readonly verdict: 'same' | 'changed' | 'new' | 'gone' | 'lost';
  /** Not as in the earlier build, and yet nothing is to be made: another one did. For those to say who look into the store. */
  readonly cached?: true;
  /** What it follows, where it is changed. */
  readonly before?: Action;
  readonly changes: readonly Change[];
  /** What of it is as it was, where it is changed: `files`, `compression`. */
  readonly same: readonly string[];
}

export interface Explanation {
  /** In the order of the later plan; those that are gone stand last. */
  readonly actions: readonly ActionExplanation[];
  /** What differs and makes nothing anew: an image's name, the recipe's text. */
  readonly idle: readonly Change[];
}

export interface ComparedBuilds {
  readonly before: BuildInputs;
  readonly now: BuildInputs;
}

export interface KnownSources {
  readonly treeOf: TreeLookup;
  readonly packagesOf?: PackageLookup;
}

export function explainBuild(
  builds: ComparedBuilds,
  { treeOf, packagesOf = () => undefined }: KnownSources,
): Explanation {
  const paired = pairActions(builds.now.plan.actions, builds.before.plan.actions);
  const partners = new Map(paired.pairs.map(({ now, before }) => [now.key, before]));
  const explaining = { ...builds, treeOf, packagesOf, earlier: (key: CacheKey) => partners.get(key) };
  const actions = [
    ...paired.pairs.map((pair) => explainPair(pair, explaining)),
    ...goneActions(builds, paired),
  ];
  const isIdle = actions.every(({ verdict }) => verdict === 'same');
  const names = nameChanges(builds, paired);
  return { actions, idle: isIdle && names.length === 0 ? unusedChanges(builds) : names };
}

/** The trees that explainBuild looks into: those of layers that changed, as they were and as they are. */
export function comparedTrees({ before, now }: ComparedBuilds): Digest[] {
  return pairActions(now.plan.actions, before.plan.actions).pairs.flatMap((pair) => {
    const [old, current] = [pair.before, pair.now];
    if (old?.kind !== 'layer' || current.kind !== 'layer' || old.key === current.key) return [];
    return treesCompared({ before: { action: old, inputs: before }, now: { action: current, inputs: now } });
  });
}

/** What one of two builds was not asked for is not gone. */
function goneActions({ before, now }: ComparedBuilds, { gone }: PairedActions): ActionExplanation[] {
  if (before.selection !== now.selection) return [];
  return gone.map((action) => ({ action, verdict: 'gone', changes: [], same: [] }));
}

interface Explaining extends ComparedBuilds {
  readonly treeOf: TreeLookup;
  readonly packagesOf: PackageLookup;
  readonly earlier: (key: CacheKey) => Action | undefined;
}

function explainPair({ now, before }: PairedActions['pairs'][number], builds: Explaining): ActionExplanation {
  if (before === undefined)
    return { action: now, verdict: 'new', changes: newChanges(now, builds), same: [] };
  if (before.key === now.key) return { action: now, verdict: 'same', before, changes: [], same: [] };
  const changes = changesOf(now, before, builds);
  const touched = new Set(changes.map(({ field }) => groupOf(field)));
  const same = groups[now.kind].filter((group) => !touched.has(group));
  return { action: now, verdict: 'changed', before, changes, same };
}

function changesOf(action: Action, earlier: Action, builds: Explaining): Change[] {
  const side = <A extends Action>(inputs: BuildInputs, one: A): { action: A; inputs: BuildInputs } => ({
    action: one,
    inputs,
  });
  const { before, now, treeOf, packagesOf } = builds;
  if (action.kind === 'layer' && earlier.kind === 'layer')
    return explainLayer({ before: side(before, earlier), now: side(now, action), treeOf, packagesOf });
  if (action.kind === 'image' && earlier.kind === 'image')
    return explainImage({ before: side(before, earlier), now: side(now, action), earlier: builds.earlier });
  if (action.kind === 'fetch' && earlier.kind === 'fetch')
    return explainFetch(side(before, earlier), side(now, action));
  if (action.kind === 'index' && earlier.kind === 'index')
    return explainIndex(earlier, action, (key) => builds.earlier(key)?.key === key);
  return [];
}

/** Platforms that an image was not made for, where the earlier build knew the image. */
function newChanges(action: Action, { before, now }: ComparedBuilds): Change[] {
  const added = (platforms: readonly Platform[]): Change[] =>
    platforms.map((platform) => ({ change: 'added', field: 'platform', key: formatPlatform(platform) }));
  if (action.kind === 'layer') return [];
  if (action.kind === 'fetch') {
    const isKnown = before.plan.actions.some(({ kind, label }) => kind === 'fetch' && label === action.label);
    return isKnown ? added([action.platform]) : [];
  }
  const image = now.plan.images.find(({ key, platforms }) =>
    [key, ...platforms.map((one) => one.key)].includes(action.key),
  );
  const old = before.plan.images.find(({ name }) => name === image?.name)?.platforms;
  if (old === undefined) return [];
  const platforms =
    action.kind === 'image' ? [action.platform] : action.images.map(({ platform }) => platform);
  return added(platforms.filter((platform) => !old.some((one) => isSame(one.platform, platform))));
}

const groups: Readonly<Record<Action['kind'], readonly string[]>> = {
  fetch: ['recipe'],
  layer: ['files', 'recipe', 'compression', 'layer format'],
  image: ['base', 'layers', 'config', 'annotations', 'epoch', 'format'],
  index: ['platforms', 'annotations', 'format'],
};

/** What a field is told with where it is the same. */
function groupOf(field: string): string {
  return fieldGroups[field] ?? 'recipe';
}

const configFields = ['env', 'env order', 'label', 'user', 'workdir', 'entrypoint', 'cmd', 'port', 'volume'];
const moreConfigFields = ['stop signal', 'healthcheck', 'shell', 'onbuild', 'platform', 'history', 'created'];

const fieldGroups: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...configFields, ...moreConfigFields].map((field) => [field, 'config'])),
  file: 'files',
  files: 'files',
  package: 'files',
  // What hides files, and what pins a base, is told for itself.
  '.dockerignore': 'files',
  'oci.lock': 'lock',
  compression: 'compression',
  layerFormat: 'layer format',
  base: 'base',
  layer: 'layers',
  layers: 'layers',
  annotation: 'annotations',
  epoch: 'epoch',
  format: 'format',
  image: 'platforms',
};

function nameChanges({ before, now }: ComparedBuilds, { pairs }: PairedActions): Change[] {
  const renamed = pairs.flatMap(({ now: action, before: old }) =>
    action.kind === 'layer' && old?.key === action.key && old.label !== action.label
      ? [changeOf({ field: 'name of a layer' }, old.label, action.label)]
      : [],
  );
  const images = now.plan.images.flatMap((image, at) => {
    const old = before.plan.images.find(({ name }) => name === image.name) ?? before.plan.images[at];
    if (old === undefined) return [];
    const names = [old, image].map(({ name, references }) => (references.length === 0 ? [name] : references));
    return !isSame(names[0], names[1])
      ? [changeOf({ field: 'name of an image' }, names[0]?.join(', '), names[1]?.join(', '))]
      : [];
  });
  return [...images, ...renamed];
}

/** What was changed although nothing that is made depends on it. */
function unusedChanges({ before, now }: ComparedBuilds): Change[] {
  const epochs = [before, now].map(({ plan }) => plan.settings.epoch);
  return [
    ...differing('epoch', epochs[0], epochs[1]),
    ...(!isSame(before.lock, now.lock) ? [{ change: 'changed', field: 'oci.lock' } as const] : []),
    ...ignoreChanges(before.ignore ?? '', now.ignore ?? ''),
    ...(before.recipe === now.recipe ? [] : [{ change: 'changed', field: 'text of the recipe' } as const]),
  ];
}
