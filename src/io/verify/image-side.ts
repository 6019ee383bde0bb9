/** One of two images that are compared, and its documents as they stand there, member for member. */
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { ImageConfig } from '../../core/oci/image-config.ts';
import type { ImageIndex } from '../../core/oci/image-index.ts';
import type { Manifest } from '../../core/oci/manifest.ts';
import { badDocument, readConfig, readManifest } from '../transport/image-document.ts';
import type { ImageSource } from '../transport/transport.ts';

/** An index or a manifest of its source. */
export interface ImageSide {
  readonly source: ImageSource;
  readonly root: Descriptor;
}

export interface ReadIndex {
  readonly value: ImageIndex;
  readonly bytes: Uint8Array;
}

export interface ReadImage {
  readonly manifest: Manifest;
  readonly manifestBytes: Uint8Array;
  /** With members that are null, which readers take for absent ones. */
  readonly config: ImageConfig;
  readonly configBytes: Uint8Array;
}

/** Throws TransportError `transport/bad-document`, and what the source throws. */
export async function readIndex({ source, root }: ImageSide): Promise<ReadIndex> {
  const { mediaType, digest } = root;
  const bytes = await source.readDocument(root);
  const document = readManifest(bytes, { mediaType, place: digest });
  if (document.kind !== 'index') throw badDocument(digest, 'it is a manifest where an index is needed');
  return { value: document.index, bytes };
}

/** Throws TransportError `transport/bad-document`, and what the source throws. */
export async function readImage({ source, root }: ImageSide): Promise<ReadImage> {
  const { mediaType, digest } = root;
  const manifestBytes = await source.readDocument(root);
  const document = readManifest(manifestBytes, { mediaType, place: digest });
  if (document.kind === 'index') throw badDocument(digest, 'it is an index where a manifest is needed');
  const { manifest } = document;
  const configBytes = await source.readDocument(manifest.config);
  readConfig(configBytes, manifest.config.digest);
  const config = JSON.parse(new TextDecoder().decode(configBytes)) as ImageConfig;
  return { manifest, manifestBytes, config, configBytes };
}
