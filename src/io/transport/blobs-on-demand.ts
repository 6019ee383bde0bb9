/**
 * The blobs of an image that stands elsewhere, each brought into a store when somebody reads it and not before: where a
 * destination has a blob or can mount it, nobody downloads it.
 */
import type { Digest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { BlobReader, BlobStore } from '../store/store.ts';
import { blobMissing } from '../store/store-error.ts';
import { readDocument, storeBlob } from './copy-image.ts';
import type { ImageSource } from './transport.ts';
import { walkImage } from './walk-image.ts';

/** Readable while the source is open. Throws what the source and the store throw, and TransportError `transport/bad-document`. */
export async function blobsOnDemand(
  source: ImageSource,
  into: { readonly root: Descriptor; readonly blobs: BlobStore; readonly signal: AbortSignal },
): Promise<BlobReader> {
  const { root, blobs, signal } = into;
  const all = await walkImage(async (descriptor) => {
    const bytes = await readDocument(source, blobs, descriptor);
    // Registries serve manifests and blobs at different addresses.
    await blobs.put(bytes, descriptor);
    return bytes;
  }, root);
  const descriptors = new Map(all.map((descriptor) => [descriptor.digest, descriptor]));
  const fetched = async (digest: Digest): Promise<void> => {
    const descriptor = descriptors.get(digest);
    if (descriptor === undefined) throw blobMissing(digest);
    if ((await blobs.size(digest)) !== descriptor.size)
      await storeBlob(source, descriptor, { blobs, signal });
  };
  return {
    size: (digest) => Promise.resolve(descriptors.get(digest)?.size),
    read: async function* (digest) {
      await fetched(digest);
      yield* blobs.read(digest);
    },
    readAll: async (digest, limit) => {
      await fetched(digest);
      return await blobs.readAll(digest, limit);
    },
  };
}
