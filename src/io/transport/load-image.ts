/** An image whose documents stand in a store, as the values that the rest of the program works with. */
import { parseDigest } from '../../core/digest/digest.ts';
import type { Image, Layer } from '../../core/image/image.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { ImageConfig } from '../../core/oci/image-config.ts';
import type { Manifest } from '../../core/oci/manifest.ts';
import type { Platform } from '../../core/oci/platform.ts';
import type { BlobReader } from '../store/store.ts';
import { badDocument, documentLimit, readConfig, readManifest } from './image-document.ts';

export interface LoadedImage {
  readonly image: Image;
  readonly manifest: Manifest;
  readonly config: ImageConfig;
}

/** `descriptor` names a manifest. Throws TransportError `transport/bad-document`, StoreError. */
export async function loadImage(blobs: BlobReader, descriptor: Descriptor): Promise<LoadedImage> {
  const { digest, mediaType } = descriptor;
  const document = readManifest(await blobs.readAll(digest, documentLimit), { mediaType, place: digest });
  if (document.kind === 'index') throw badDocument(digest, 'it is an index where a manifest is needed');
  const { manifest } = document;
  const config = readConfig(
    await blobs.readAll(manifest.config.digest, documentLimit),
    manifest.config.digest,
  );
  const layers = layersOf(manifest, config);
  return {
    image: { manifest: descriptor, config: manifest.config, layers, platform: platformOf(config) },
    manifest,
    config,
  };
}

// image-spec config.md, rootfs: diff_ids is the list of layer content, in order.
function layersOf(manifest: Manifest, config: ImageConfig): Layer[] {
  const { diff_ids: diffIds } = config.rootfs;
  if (diffIds.length !== manifest.layers.length) {
    const counts = `${String(manifest.layers.length)} layers and ${String(diffIds.length)} diffIDs`;
    throw badDocument(manifest.config.digest, `the image has ${counts}`);
  }
  return manifest.layers.map((descriptor, position) => {
    const diffId = parseDigest(diffIds[position] ?? '');
    if (!diffId.ok) throw badDocument(manifest.config.digest, `diffID ${String(position)} is no digest`);
    return { descriptor, diffId: diffId.digest };
  });
}

function platformOf({ os, architecture, variant }: ImageConfig): Platform {
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}
