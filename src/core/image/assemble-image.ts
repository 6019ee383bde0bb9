/**
 * Image configs, manifests and indexes as bytes: canonical JSON, so equal images have equal digests everywhere. Docker's
 * v2 schema 2 differs in its media types, and in that its documents have no annotations.
 */
import { canonicalBytes } from '../digest/canonical-json.ts';
import { digestOf } from '../digest/digest.ts';
import type { Annotations, Descriptor } from '../oci/descriptor.ts';
import { descriptorIn, dockerMediaType, type ImageFormat } from '../oci/docker-compat.ts';
import type { ContainerConfig, HistoryEntry, ImageConfig } from '../oci/image-config.ts';
import { mediaTypes } from '../oci/media-type.ts';
import type { Manifest } from '../oci/manifest.ts';
import type { Platform } from '../oci/platform.ts';
import type { Image, Layer } from './image.ts';

/** A document of an image: its bytes and the descriptor that names them. */
export interface ImageDocument {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

export interface ImageParts {
  readonly format: ImageFormat;
  readonly platform: Platform;
  readonly layers: readonly Layer[];
  /** RFC 3339, UTC. */
  readonly created: string;
  readonly config: ContainerConfig;
  /** Members of the base's config that we do not set, such as os.version. */
  readonly baseConfig: Readonly<Record<string, unknown>>;
  readonly history: readonly HistoryEntry[];
  readonly annotations: Annotations;
}

export interface AssembledImage {
  readonly image: Image;
  readonly config: ImageDocument;
  readonly manifest: ImageDocument;
}

// image-spec config.md and manifest.md; distribution docs/spec/manifest-v2-2.md.
export function assembleImage(parts: ImageParts): AssembledImage {
  const { format, platform, created, history, annotations } = parts;
  const layers = parts.layers.map((layer) => ({
    ...layer,
    descriptor: descriptorIn(format, layer.descriptor),
  }));
  const imageConfig: ImageConfig & Record<string, unknown> = {
    ...parts.baseConfig,
    ...platform,
    created,
    config: parts.config,
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    history,
  };
  const config = documentOf(typeIn(format, mediaTypes.config), imageConfig);
  const manifestDocument: Manifest = {
    schemaVersion: 2,
    mediaType: typeIn(format, mediaTypes.manifest),
    config: config.descriptor,
    layers: layers.map((layer) => layer.descriptor),
    ...annotationsField(format, annotations),
  };
  const manifest = documentOf(typeIn(format, mediaTypes.manifest), manifestDocument);
  const image = { manifest: manifest.descriptor, config: config.descriptor, layers, platform };
  return { image, config, manifest };
}

// image-spec image-index.md; distribution docs/spec/manifest-v2-2.md, Manifest List.
export function assembleIndex(
  images: readonly Pick<Image, 'manifest' | 'platform'>[],
  { format, annotations }: Pick<ImageParts, 'format' | 'annotations'>,
): ImageDocument {
  const mediaType = typeIn(format, mediaTypes.index);
  return documentOf(mediaType, {
    schemaVersion: 2,
    mediaType,
    manifests: images.map(({ manifest, platform }) => ({ ...manifest, platform })),
    ...annotationsField(format, annotations),
  });
}

function typeIn(format: ImageFormat, mediaType: string): string {
  return format === 'oci' ? mediaType : dockerMediaType(mediaType);
}

/** Canonical JSON, and the descriptor that names it. */
export function documentOf(mediaType: string, value: unknown): ImageDocument {
  const bytes = canonicalBytes(value);
  return { bytes, descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length } };
}

function annotationsField(format: ImageFormat, annotations: Annotations): { annotations?: Annotations } {
  return format === 'docker' || Object.keys(annotations).length === 0 ? {} : { annotations };
}
