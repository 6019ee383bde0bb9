/** An image of plain tar layers in a store, as far as unpacking asks. */
import { createHash } from 'node:crypto';
import { type Digest, trustedDigest } from '../../src/core/digest/digest.ts';
import type { Image, Layer } from '../../src/core/image/image.ts';
import type { ContainerConfig } from '../../src/core/oci/image-config.ts';
import { mediaTypes } from '../../src/core/oci/media-type.ts';
import type { BlobStore } from '../../src/io/store/store.ts';

export async function imageOf(
  blobs: BlobStore,
  tars: readonly Uint8Array[],
  config: ContainerConfig = {},
): Promise<Image> {
  const platform = { os: 'linux', architecture: 'amd64' };
  const layers: Layer[] = [];
  for (const tar of tars) {
    const { digest, size } = await blobs.put(tar);
    layers.push({ descriptor: { mediaType: mediaTypes.layer, digest, size }, diffId: sha256Of(tar) });
  }
  const diff_ids = layers.map(({ diffId }) => diffId);
  const put = async (mediaType: string, value: unknown) => {
    const { digest, size } = await blobs.put(Buffer.from(JSON.stringify(value)));
    return { mediaType, digest, size };
  };
  const rootfs = { type: 'layers', diff_ids };
  const document = await put(mediaTypes.config, { ...platform, config, rootfs });
  const descriptors = layers.map(({ descriptor }) => descriptor);
  const manifest = await put(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: document,
    layers: descriptors,
  });
  return { manifest, config: document, layers, platform };
}

export function sha256Of(bytes: Uint8Array): Digest {
  return trustedDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`);
}
