/** Why an image has another key than before: its base, its layers, and its documents key by key. */
import type { Digest } from '../digest/digest.ts';
import { mediaTypes } from '../oci/media-type.ts';
import { formatPlatform } from '../oci/platform.ts';
import type { Action, FetchAction, ImageAction, IndexAction } from '../plan/plan.ts';
import { type Change, changeOf, differing, isSame } from './change.ts';
import { compareConfigs, compareManifests, type FieldDifference } from './compare-documents.ts';
import type { Side } from './explain-layer.ts';
import { requestChanges } from './request-changes.ts';

export interface ComparedImages {
  readonly before: Side<ImageAction>;
  readonly now: Side<ImageAction>;
  /** The action of the earlier build that one of the later follows (pair-actions.ts). */
  readonly earlier: (key: Digest) => Action | undefined;
}

export function explainImage(compared: ComparedImages): Change[] {
  const base = baseChanges(compared);
  const layers = layerChanges(compared);
  const { before, now } = compared;
  return [
    ...base,
    ...layers,
    ...documentChanges(before.action, now.action).filter((change) => !(base.length > 0 && namesBase(change))),
    ...createdChanges(before, now),
    ...(base.length + layers.length > 0 ? [] : historyChanges(before.action, now.action)),
    ...differing('format', before.action.format, now.action.format),
  ];
}

/** What a base's manifest became, and whether the recipe or the lock says another. */
export function explainFetch(before: Side<FetchAction>, now: Side<FetchAction>): Change[] {
  const [was, is] = [before.action.manifest.digest, now.action.manifest.digest];
  const [old, current] = [before, now].map(({ action, inputs }) => ({
    asked: inputs.asked[action.key]?.[0],
    inputs,
  }));
  const causes = old === undefined || current === undefined ? [] : requestChanges(old, current);
  const [cause] = causes;
  return [
    ...causes,
    {
      change: 'changed',
      field: 'base',
      before: was,
      after: is,
      ...(cause === undefined ? {} : { because: cause.field }),
    },
  ];
}

export function explainIndex(
  before: IndexAction,
  now: IndexAction,
  isSame: (key: Digest) => boolean,
): Change[] {
  const platforms = (index: IndexAction): string[] =>
    index.images.map(({ platform }) => formatPlatform(platform));
  const [old, current] = [platforms(before), platforms(now)];
  return [
    ...current
      .filter((key) => !old.includes(key))
      .map((key): Change => ({ change: 'added', field: 'platform', key })),
    ...old
      .filter((key) => !current.includes(key))
      .map((key): Change => ({ change: 'removed', field: 'platform', key })),
    ...now.images
      .filter(({ key, platform }) => old.includes(formatPlatform(platform)) && !isSame(key))
      .map(({ platform }): Change => ({ change: 'changed', field: 'image', key: formatPlatform(platform) })),
    ...annotationChanges(before.annotations, now.annotations),
    ...differing('format', before.format, now.format),
  ];
}

function baseChanges({ before, now }: ComparedImages): Change[] {
  const [was, is] = [before, now].map(({ action }) => action.layers.filter(({ from }) => from === 'base'));
  if (isSame(was, is)) return [];
  const [old, current] = [baseOf(before), baseOf(now)];
  return [changeOf({ field: 'base' }, old?.manifest.digest, current?.manifest.digest)];
}

function baseOf({ action, inputs }: Side<ImageAction>): FetchAction | undefined {
  const [key] = action.needs;
  return inputs.plan.actions.find((one) => one.kind === 'fetch' && one.key === key) as
    FetchAction | undefined;
}

/** Layers of the recipe's own: those that are new, other, gone, or at another place among those that stay. */
function layerChanges({ before, now, earlier }: ComparedImages): Change[] {
  const [old, current] = [ownLayers(before), ownLayers(now)];
  const followed = current.map((layer) => ({
    layer,
    before: old.find((one) => one.key === earlier(layer.key)?.key),
  }));
  const gone = old.filter((layer) => !followed.some((one) => one.before === layer));
  const changed = followed.flatMap(({ layer, before: was }): Change[] => {
    if (was === undefined) return [{ change: 'added', field: 'layer', key: layer.label }];
    return was.key === layer.key ? [] : [{ change: 'changed', field: 'layer', key: layer.label }];
  });
  const kept = followed.flatMap(({ before: was }) => was ?? []);
  const inOldOrder = kept.toSorted((a, b) => old.indexOf(a) - old.indexOf(b));
  const isMoved = kept.some((layer, at) => layer !== inOldOrder[at]);
  const labels = (layers: readonly Action[]): string[] => layers.map(({ label }) => label);
  return [
    ...changed,
    ...gone.map((layer): Change => ({ change: 'removed', field: 'layer', key: layer.label })),
    ...(isMoved
      ? [{ change: 'moved', field: 'layers', before: labels(inOldOrder), after: labels(kept) } as const]
      : []),
  ];
}

function ownLayers({ action, inputs }: Side<ImageAction>): readonly Action[] {
  const actions = new Map(inputs.plan.actions.map((one) => [one.key, one]));
  return action.layers.flatMap((layer) => (layer.from === 'action' ? (actions.get(layer.key) ?? []) : []));
}

function documentChanges(before: ImageAction, now: ImageAction): Change[] {
  const config = compareConfigs(configOf(before), configOf(now)).map(changeOfField);
  return [...config, ...annotationChanges(before.annotations, now.annotations)];
}

type Config = Parameters<typeof compareConfigs>[0];

/** The config that the action makes but for its layers, times and history. */
function configOf({ platform, config, baseConfig }: ImageAction): Config {
  return { ...baseConfig, ...platform, config, rootfs: { type: 'layers', diff_ids: [] } };
}

function annotationChanges(before: ImageAction['annotations'], now: ImageAction['annotations']): Change[] {
  const manifest = {
    schemaVersion: 2,
    config: { mediaType: mediaTypes.config },
    layers: [],
  } as unknown as Manifest;
  return compareManifests({ ...manifest, annotations: before }, { ...manifest, annotations: now }).map(
    changeOfField,
  );
}

type Manifest = Parameters<typeof compareManifests>[0];

function changeOfField({ field, key, before, after }: FieldDifference): Change {
  return changeOf({ field, ...(key === undefined ? {} : { key }) }, before, after);
}

/** image-spec annotations.md: base.name and base.digest follow the base. */
function namesBase({ field, key = '' }: Change): boolean {
  return field === 'annotation' && key.startsWith('org.opencontainers.image.base.');
}

function createdChanges(before: Side<ImageAction>, now: Side<ImageAction>): Change[] {
  const [was, is] = [before.action.created, now.action.created];
  if (was === is) return [];
  const [old, current] = [before, now].map(({ inputs }) => inputs.plan.settings.epoch);
  const field = old !== current && was === timeOf(old) && is === timeOf(current) ? 'epoch' : 'created';
  return [field === 'epoch' ? changeOf({ field }, old, current) : changeOf({ field }, was, is)];
}

function timeOf(epoch: number | undefined): string {
  return new Date((epoch ?? 0) * 1000).toISOString().replace('.000Z', 'Z');
}

/** Words of the history for layers that are the same: a folder of another name with the same content. */
function historyChanges(before: ImageAction, now: ImageAction): Change[] {
  return now.history.flatMap((entry, at) => {
    const [was, is] = [before.history[at]?.created_by, entry.created_by];
    return differing('history', was, is);
  });
}
