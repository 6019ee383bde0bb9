/**
 * What an image weighs where it is kept and on the wire: each blob below its root once, as the descriptors say. A registry
 * has an image by its blobs, so this is its size there, and a host that holds one image pulls of another what it lacks.
 */
import type { Descriptor } from '../oci/descriptor.ts';
import type { ImageSide } from './image-side.ts';

/**
 * The index that the manifest was chosen from, if there is one, the manifest, the config and the layers; each digest once.
 * Layers of other platforms are no part of it.
 */
export function blobsOf({ root, descriptor, manifest }: ImageSide): readonly Descriptor[] {
  const all = [root, descriptor, manifest.config, ...manifest.layers];
  return [...new Map(all.map((blob) => [blob.digest, blob])).values()];
}

/** The blobs of `after` that a host holding `before` lacks, by digest. */
export function blobsToPull(before: ImageSide, after: ImageSide): readonly Descriptor[] {
  const held = new Set(blobsOf(before).map(({ digest }) => digest));
  return blobsOf(after).filter(({ digest }) => !held.has(digest));
}

/** Bytes. */
export function sizeOf(blobs: readonly Descriptor[]): number {
  return blobs.reduce((sum, { size }) => sum + size, 0);
}
