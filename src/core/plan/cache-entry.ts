/**
 * A layer's result as an OCI artifact, so that any registry keeps it (image-spec manifest.md, Guidelines for Artifact
 * Usage): a manifest without a config, under a tag made of the layer's cache key. docs/caching.md describes it. An entry
 * is a claim and no more: whoever reads one proves it against the plan.
 */
import { documentOf, type ImageDocument } from '../image/assemble-image.ts';
import type { Layer } from '../image/image.ts';
import { algorithmOf, encodedOf, parseDigest } from '../digest/digest.ts';
import type { Manifest } from '../oci/manifest.ts';
import { mediaTypes } from '../oci/media-type.ts';
import { parseManifestDocument } from '../oci/parse-document.ts';
import type { CacheKey } from './plan.ts';

/** Its version is raised when entries of the old form must not be read as the new one. */
export const cacheArtifactType = 'application/vnd.layerwright.cache.v1+json';

const keyAnnotation = 'dev.layerwright.cache.key';
const diffIdAnnotation = 'dev.layerwright.cache.diff-id';

/** Where a repository keeps the entry of a key: `layerwright-` and the key's hex. */
export function cacheTag(key: CacheKey): string {
  return `layerwright-${encodedOf(key)}`;
}

/** image-spec manifest.md, Guidance for an Empty Descriptor: two bytes, `{}`. */
export const emptyConfig: ImageDocument = documentOf(mediaTypes.empty, {});

/** The manifest that claims that the action with this key makes this layer. */
export function cacheManifest(key: CacheKey, { descriptor, diffId }: Layer): ImageDocument {
  const { mediaType, digest, size } = descriptor;
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: cacheArtifactType,
    config: emptyConfig.descriptor,
    layers: [{ mediaType, digest, size }],
    annotations: { [keyAnnotation]: key, [diffIdAnnotation]: diffId },
  };
  return documentOf(mediaTypes.manifest, manifest);
}

export type CacheClaim =
  | { readonly ok: true; readonly layer: Layer }
  /** Why it is none, as the end of a sentence: "the entry is not used: REASON". */
  | { readonly ok: false; readonly reason: string };

/** What a manifest claims of a key's layer, which is to have this media type. */
export function readCacheManifest(
  bytes: Uint8Array,
  wanted: { readonly key: CacheKey; readonly mediaType: string },
): CacheClaim {
  const parsed = parseManifestDocument(bytes);
  if (!parsed.ok || parsed.value.kind !== 'manifest') return refuse('its manifest cannot be read');
  const { artifactType, layers, annotations = {} } = parsed.value.manifest;
  if (artifactType !== cacheArtifactType) return refuse('it is no entry of a cache that is known here');
  if (annotations[keyAnnotation] !== wanted.key) return refuse('it is the entry of another layer');
  const diffId = parseDigest(annotations[diffIdAnnotation] ?? '');
  if (!diffId.ok) return refuse('it names no diffID');
  const [layer, more] = layers;
  if (layer === undefined || more !== undefined) return refuse('it does not hold exactly one layer');
  const { mediaType, digest, size } = layer;
  // The same bytes under a digest of another algorithm would be another image.
  if (algorithmOf(digest) !== 'sha256') return refuse('its layer is not named by sha256');
  if (mediaType !== wanted.mediaType)
    return refuse('its layer has another media type than the recipe asks for');
  return { ok: true, layer: { descriptor: { mediaType, digest, size }, diffId: diffId.digest } };
}

function refuse(reason: string): CacheClaim {
  return { ok: false, reason };
}
