/** `store:DIGEST`: an image that stands in the store, named by its digest. */
import type { Digest } from '../../core/digest/digest.ts';
import type { BlobStore } from '../store/store.ts';
import { documentLimit, readManifest } from './image-document.ts';
import type { ImageSource } from './transport.ts';
import { TransportError } from './transport-error.ts';

/** Throws TransportError `transport/unknown-tag` where the store has no such blob, StoreError where it is no document. */
export async function openStored(digest: Digest, blobs: BlobStore): Promise<ImageSource> {
  const place = `store:${digest}`;
  const size = await blobs.size(digest);
  if (size === undefined) {
    throw new TransportError('transport/unknown-tag', `the store has no image ${digest}`, {
      help: '`layerwright cache ls` lists what it holds',
    });
  }
  const { mediaType } = readManifest(await blobs.readAll(digest, documentLimit), { place });
  return {
    root: { mediaType, digest, size },
    pinned: place,
    references: [],
    readDocument: (descriptor) => blobs.readAll(descriptor.digest, documentLimit),
    openBlob: (descriptor) => blobs.read(descriptor.digest),
    close: () => Promise.resolve(),
  };
}
