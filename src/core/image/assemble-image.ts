/** Image configs, manifests and indexes as bytes: canonical JSON, so equal images have equal digests everywhere. */
import { canonicalBytes } from '../digest/canonical-json.ts';
import { digestOf } from '../digest/digest.ts';
import type { Annotations, Descriptor } from '../oci/descriptor.ts';
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

// image-spec config.md and manifest.md.
export function assembleImage(parts: ImageParts): AssembledImage {
  const { platform, layers, created, history, annotations } = parts;
  const imageConfig: ImageConfig & Record<string, unknown> = {
    ...parts.baseConfig,
    ...platform,
    created,
    config: parts.config,
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    history,
  };
  const config = documentOf(mediaTypes.config, imageConfig);
  const manifestDocument: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: config.descriptor,
    layers: layers.map((layer) => layer.descriptor),
    ...annotationsField(annotations),
  };
  const manifest = documentOf(mediaTypes.manifest, manifestDocument);
  const image = { manifest: manifest.descriptor, config: config.descriptor, layers, platform };
  return { image, config, manifest };
}

// image-spec image-index.md.
export function assembleIndex(
  images: readonly Pick<Image, 'manifest' | 'platform'>[],
  annotations: Annotations,
): ImageDocument {
  return documentOf(mediaTypes.index, {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: images.map(({ manifest, platform }) => ({ ...manifest, platform })),
    ...annotationsField(annotations),
  });
}

function documentOf(mediaType: string, value: unknown): ImageDocument {
  const bytes = canonicalBytes(value);
  return { bytes, descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length } };
}

function annotationsField(annotations: Annotations): { annotations?: Annotations } {
  return Object.keys(annotations).length === 0 ? {} : { annotations };
}
