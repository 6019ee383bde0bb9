/**
 * A cache key is the digest of canonical JSON `{action, version, inputs}`. `version` is raised when the bytes that a
 * kind of action makes would change for the same inputs; test/golden/cache-keys.test.ts fails when a key changes
 * without that.
 */
import { digestOfValue } from '../digest/digest.ts';
import type { CacheKey, FetchAction, ImageAction, IndexAction, LayerAction, PlanSettings } from './plan.ts';

export const actionVersions = { fetch: 1, layer: 1, image: 1, index: 1 } as const;

/** What decides: every field of an action but what is for people (`label`), for places (`cause`), and the key itself. */
export type KeyInputs<A> = Omit<A, 'key' | 'label' | 'cause' | 'kind'>;

/** The blobs that a manifest names are the same wherever they come from, so the location decides nothing. */
export function fetchKey(inputs: KeyInputs<FetchAction>): CacheKey {
  return keyOf('fetch', { manifest: inputs.manifest.digest });
}

/** The format is part of a layer's bytes, and of nothing else. */
export function layerKey(
  inputs: KeyInputs<LayerAction>,
  { layerFormat }: Pick<PlanSettings, 'layerFormat'>,
): CacheKey {
  const { placements, entries, compression, leftOut } = inputs;
  const without = leftOut === undefined ? {} : { without: leftOut.paths };
  return keyOf('layer', { placements, entries, compression, layerFormat, ...without });
}

/** Names the keys of its layers, so it is known before any of them is made. */
export function imageKey(inputs: KeyInputs<ImageAction>): CacheKey {
  const { format, platform, layers, created, config, baseConfig, history, annotations } = inputs;
  return keyOf('image', { format, platform, layers, created, config, baseConfig, history, annotations });
}

export function indexKey(inputs: KeyInputs<IndexAction>): CacheKey {
  const { format, images, annotations } = inputs;
  return keyOf('index', { format, images, annotations });
}

function keyOf(action: keyof typeof actionVersions, inputs: unknown): CacheKey {
  return digestOfValue({ action, version: actionVersions[action], inputs });
}
