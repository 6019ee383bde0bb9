/**
 * What an action made, as it is remembered under its key. A record that does not read as one, or whose blobs are gone,
 * counts as absent: the action runs again.
 */
import { parseDigest, type Digest } from '../../core/digest/digest.ts';
import type { Image, Layer } from '../../core/image/image.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { isLayerType } from '../../core/oci/media-type.ts';
import { baseLayers } from '../../core/plan/graph.ts';
import type { Action } from '../../core/plan/plan.ts';
import type { Store } from '../store/store.ts';
import type { BaseLayers } from '../transport/fetch-base.ts';

export type ActionResult =
  | { readonly kind: 'fetch'; readonly manifest: Descriptor; readonly blobs: readonly Descriptor[] }
  | { readonly kind: 'layer'; readonly layer: Layer }
  | { readonly kind: 'image'; readonly image: Image }
  | { readonly kind: 'index'; readonly index: Descriptor; readonly manifests: readonly Descriptor[] };

/** Raised when the shape of any record changes; records of other versions are misses. */
const resultVersion = 1;

/** What recallResult asks of a store. */
export interface KnownBlobs {
  readonly results: Pick<Store['results'], 'get'>;
  readonly blobs: Pick<Store['blobs'], 'size'>;
}

/** The remembered result of an action, whose every needed blob is there with its right size; else undefined. */
export async function recallResult(
  store: KnownBlobs,
  action: Action,
  bases: BaseLayers,
): Promise<ActionResult | undefined> {
  const record = await store.results.get(action.kind, action.key);
  const result = readResult(record);
  if (result?.kind !== action.kind) return undefined;
  const left = bases === 'leave' ? baseLayersOf(action, result) : new Set();
  for (const { digest, size } of blobsOf(result)) {
    if (!left.has(digest) && (await store.blobs.size(digest)) !== size) return undefined;
  }
  return result;
}

function baseLayersOf(action: Action, result: ActionResult): ReadonlySet<Digest> {
  const layers =
    result.kind === 'fetch'
      ? result.blobs.filter(({ mediaType }) => isLayerType(mediaType))
      : action.kind === 'image'
        ? baseLayers(action)
        : [];
  return new Set(layers.map(({ digest }) => digest));
}

export async function rememberResult(store: Store, action: Action, result: ActionResult): Promise<void> {
  await store.results.put(action.kind, action.key, { resultVersion, label: action.label, result });
}

/** Every blob that has to be there for the result to be of use. */
export function blobsOf(result: ActionResult): readonly Descriptor[] {
  switch (result.kind) {
    case 'fetch':
      return [result.manifest, ...result.blobs];
    case 'layer':
      return [result.layer.descriptor];
    case 'image':
      return [
        result.image.manifest,
        result.image.config,
        ...result.image.layers.map((layer) => layer.descriptor),
      ];
    case 'index':
      return [result.index, ...result.manifests];
  }
}

/** The descriptor that people know a result by. */
export function headOf(result: ActionResult): { readonly digest: Digest; readonly size: number } {
  switch (result.kind) {
    case 'fetch':
      return { digest: result.manifest.digest, size: totalSize(result.blobs) };
    case 'layer':
      return result.layer.descriptor;
    case 'image':
      return {
        digest: result.image.manifest.digest,
        size: totalSize(result.image.layers.map((one) => one.descriptor)),
      };
    case 'index':
      return result.index;
  }
}

function totalSize(descriptors: readonly Descriptor[]): number {
  return descriptors.reduce((sum, descriptor) => sum + descriptor.size, 0);
}

/**
 * We wrote the record ourselves and the store verified its bytes, so only its version and its digests are looked at:
 * digests, because paths are made of them.
 */
export function readResult(record: unknown): ActionResult | undefined {
  if (!isRecord(record) || record['resultVersion'] !== resultVersion || !isRecord(record['result']))
    return undefined;
  const result = record['result'] as unknown as ActionResult;
  try {
    return blobsOf(result).every(({ digest }) => parseDigest(digest).ok) ? result : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
