/** Brings an image, from wherever it is, into a store: verified blob by blob, documents strictly read, children first. */
import type { Digest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { isIndexType } from '../../core/oci/media-type.ts';
import type { BlobStore } from '../store/store.ts';
import { inParallel } from '../registry/in-parallel.ts';
import { countingWrites } from './counting-writes.ts';
import { documentLimit } from './image-document.ts';
import { listManifests } from './list-manifests.ts';
import type { ImageSource } from './transport.ts';
import { walkImage } from './walk-image.ts';

/** Picks the manifest of one platform, of all that the image has; undefined where there is none. */
export type ChooseManifest = (manifests: readonly Descriptor[]) => Descriptor | undefined;

export interface StoreImageOptions {
  /** What to copy: a descriptor that `chooseRoot` gave, or else the source's own root. */
  readonly root?: Descriptor;
  /** What of it to copy; everything if absent. */
  readonly only?: (descriptor: Descriptor) => boolean;
  readonly signal: AbortSignal;
  /** Bytes so far, and of everything. */
  readonly onProgress?: (done: number, total: number) => void;
}

const concurrency = 4;
/** Bytes between two calls of `onProgress`: chunks of a network are small. */
const tellEvery = 256 * 1024;

/**
 * Copies everything below the root into the store and returns the root. Blobs that the store has are not read again.
 * Throws what the source or the store throws, and TransportError `transport/bad-document` for what must not be believed.
 */
export async function storeImage(
  source: ImageSource,
  blobs: BlobStore,
  options: StoreImageOptions,
): Promise<Descriptor> {
  const root = options.root ?? source.root;
  const documents = new Map<Digest, Uint8Array>();
  const { only = () => true } = options;
  const below = await walkImage(async (descriptor) => {
    const bytes = await readDocument(source, blobs, descriptor);
    documents.set(descriptor.digest, bytes);
    return bytes;
  }, root);
  const all = below.filter(only);
  const progress = countBytes(all, options);
  const copy = { source, blobs, documents, progress };
  await inParallel(all, { limit: concurrency, signal: options.signal }, (descriptor, signal) =>
    copyBlob({ ...copy, signal }, descriptor),
  );
  return root;
}

/** The one manifest that is wanted of a source; undefined where its index offers none that is. */
export async function chooseRoot(
  source: ImageSource,
  choose: ChooseManifest,
): Promise<Descriptor | undefined> {
  const { root } = source;
  return isIndexType(root.mediaType) ? choose(await listManifests(source)) : root;
}

/** A document that the store has is not fetched again, unless it has rotted there. */
async function readDocument(
  source: ImageSource,
  blobs: BlobStore,
  descriptor: Descriptor,
): Promise<Uint8Array> {
  const { digest, size } = descriptor;
  if ((await blobs.size(digest)) !== size) return source.readDocument(descriptor);
  return blobs.readAll(digest, documentLimit).catch(() => source.readDocument(descriptor));
}

interface BlobCopy {
  readonly source: ImageSource;
  readonly blobs: BlobStore;
  readonly signal: AbortSignal;
  readonly progress: (bytes: number) => void;
}

async function copyBlob(
  copy: BlobCopy & { readonly documents: ReadonlyMap<Digest, Uint8Array> },
  descriptor: Descriptor,
): Promise<void> {
  const { digest, size } = descriptor;
  const document = copy.documents.get(digest);
  if (document === undefined || (await copy.blobs.size(digest)) === size) {
    await bringBlob(copy, descriptor);
    return;
  }
  await copy.blobs.put(document, { digest, size });
  copy.progress(size);
}

/** Copies one blob of a source into the store, verified, unless it is there. Throws as storeImage does. */
export async function bringBlob(copy: BlobCopy, descriptor: Descriptor): Promise<void> {
  const { digest, size } = descriptor;
  copy.signal.throwIfAborted();
  if ((await copy.blobs.size(digest)) === size) {
    copy.progress(size);
    return;
  }
  if (copy.source.fetchBlob !== undefined) {
    await copy.source.fetchBlob(descriptor, countingWrites(copy.blobs, copy.progress));
    return;
  }
  const writer = copy.blobs.createWriter({ digest, size });
  try {
    for await (const chunk of copy.source.openBlob(descriptor)) {
      copy.signal.throwIfAborted();
      writer.write(chunk);
      copy.progress(chunk.byteLength);
    }
    await writer.commit();
  } finally {
    writer.abort();
  }
}

function countBytes(all: readonly Descriptor[], options: StoreImageOptions): (bytes: number) => void {
  const total = all.reduce((sum, { size }) => sum + size, 0);
  let [done, told] = [0, 0];
  return (bytes) => {
    done += bytes;
    if (done < total && Math.abs(done - told) < tellEvery) return;
    told = done;
    options.onProgress?.(done, total);
  };
}
