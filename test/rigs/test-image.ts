/** A small image in a store, for tests that move images. */
import type { Descriptor } from '../../src/core/oci/descriptor.ts';
import { mediaTypes } from '../../src/core/oci/media-type.ts';
import type { BlobStore } from '../../src/io/store/store.ts';

export interface TestImage {
  readonly root: Descriptor;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** An image with one layer for each text: valid in shape, its layers plain tar by name only. */
export async function putTestImage(blobs: BlobStore, layers: readonly string[]): Promise<TestImage> {
  const put = async (mediaType: string, text: string): Promise<Descriptor> => {
    const facts = await blobs.put(Buffer.from(text));
    return { mediaType, digest: facts.digest, size: facts.size };
  };
  const described = [];
  for (const text of layers) described.push(await put(mediaTypes.layer, text));
  const rootfs = { type: 'layers', diff_ids: described.map((layer) => layer.digest) };
  const config = await put(mediaTypes.config, JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs }));
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers: described };
  return { root: await put(mediaTypes.manifest, JSON.stringify(manifest)), config, layers: described };
}

/** An index over images, one for each platform's architecture. */
export async function putTestIndex(
  blobs: BlobStore,
  images: Readonly<Record<string, TestImage>>,
): Promise<Descriptor> {
  const manifests = Object.entries(images).map(([architecture, image]) => ({
    ...image.root,
    platform: { os: 'linux', architecture },
  }));
  const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests };
  const facts = await blobs.put(Buffer.from(JSON.stringify(index)));
  return { mediaType: mediaTypes.index, digest: facts.digest, size: facts.size };
}
