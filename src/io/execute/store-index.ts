/** Keeps the store's `index.json` in step with its results, so that other tools read the store as a layout. */
import type { BuiltImage, Layer } from '../../core/image/image.ts';
import type { Digest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { hasBlob } from '../store/disk-blobs.ts';
import { type IndexSource, isIndexed, refreshIndex } from '../store/index-file.ts';
import type { StoreFolder } from '../store/store-folder.ts';
import { keptKind, keptRoot } from '../transport/keep-image.ts';
import { blobsOf, readResult } from './action-result.ts';

/** Every image and index that a build made and that is whole here, or that was pulled; never the bases they stand on. */
export async function refreshStoreIndex(folder: StoreFolder): Promise<void> {
  await refreshIndex(folder, wholeImages(folder));
}

/** Those of the images that are whole here; the bases of others stayed in their registries. */
export function imagesInStore(folder: StoreFolder, images: readonly BuiltImage[]): readonly BuiltImage[] {
  const isHere = ({ descriptor }: Layer): boolean => hasBlob(folder, descriptor.digest);
  return images.filter(({ images: all }) => all.every(({ layers }) => layers.every(isHere)));
}

/** After a build of these images, which are whole: nothing is read or written where the index has them. */
export async function indexBuilt(folder: StoreFolder, images: readonly BuiltImage[]): Promise<void> {
  const roots = images.flatMap(({ root, images: all }) => [
    root.digest,
    ...all.map(({ manifest }) => manifest.digest),
  ]);
  if (!isIndexed(folder, roots)) await refreshStoreIndex(folder);
}

/** Other tools cannot read an image whose base stayed in its registry. */
function wholeImages(folder: StoreFolder): IndexSource {
  const whole = new Set<Digest>();
  const rootOf = (value: unknown): Descriptor | undefined => {
    const kept = keptRoot(value);
    if (kept !== undefined) return hasBlob(folder, kept.digest) ? kept : undefined;
    const result = readResult(value);
    if (result?.kind === 'index') {
      return result.manifests.every(({ digest }) => whole.has(digest)) ? result.index : undefined;
    }
    if (result?.kind !== 'image') return undefined;
    if (!blobsOf(result).every(({ digest }) => hasBlob(folder, digest))) return undefined;
    whole.add(result.image.manifest.digest);
    return result.image.manifest;
  };
  // In this order: an index is as whole as its images.
  return { kinds: ['image', 'index', keptKind], rootOf };
}
