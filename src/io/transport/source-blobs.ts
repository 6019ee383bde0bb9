/**
 * The blobs of an image that stands on this computer, read where they are: what is delivered at once need not be
 * written to a store, synced and read back first. Bytes are verified in the one pass that uses them, as a store does.
 */
import type { Digest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { BlobReader } from '../store/store.ts';
import { blobMissing, blobTooLarge } from '../store/store-error.ts';
import type { ImageSource } from './transport.ts';
import { walkImage } from './walk-image.ts';

/** A source that can be read in place. */
export type LocalSource = ImageSource & Required<Pick<ImageSource, 'readBlob'>>;

export function isLocal(source: ImageSource): source is LocalSource {
  return source.readBlob !== undefined;
}

/**
 * Everything below `root`, while the source is open. Throws what the source throws, and TransportError
 * `transport/bad-document` for documents that must not be believed.
 */
export async function blobsInPlace(source: LocalSource, root: Descriptor): Promise<BlobReader> {
  const all = await walkImage((descriptor) => source.readDocument(descriptor), root);
  const descriptors = new Map(all.map((descriptor) => [descriptor.digest, descriptor]));
  const find = (digest: Digest): Descriptor => {
    const found = descriptors.get(digest);
    if (found === undefined) throw blobMissing(digest);
    return found;
  };
  return {
    size: (digest) => Promise.resolve(descriptors.get(digest)?.size),
    read: async function* (digest) {
      yield* source.readBlob(find(digest));
    },
    readAll: async (digest, limit) => {
      const descriptor = find(digest);
      if (descriptor.size > limit) throw blobTooLarge(digest, { size: descriptor.size, limit });
      return await source.readDocument(descriptor);
    },
  };
}
