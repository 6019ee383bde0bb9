/**
 * Images of registries as a build reads them: manifests, indexes and configs come from the store where it has them and
 * are kept there, so that an image named by its digest is read again without asking anybody. A registry is asked for
 * what is missing, and not before.
 */
import type { Digest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { formatTransportReference } from '../../core/recipe/transport-reference.ts';
import type { BlobStore } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { documentLimit, readManifest } from './image-document.ts';
import {
  openRegistryImage,
  referencesOf,
  type RegistryContext,
  type RegistryImageSource,
  type RegistryReference,
} from './registry.ts';

export interface PinnedContext extends RegistryContext {
  readonly blobs: BlobStore;
}

/** Errors: RegistryError; TransportError `transport/bad-document` where the store holds something else by that digest. */
export async function openPinnedImage(
  reference: RegistryReference,
  context: PinnedContext,
): Promise<RegistryImageSource> {
  let opened: Promise<RegistryImageSource> | undefined;
  const remote = (): Promise<RegistryImageSource> => (opened ??= openRegistryImage(reference, context));
  const stored =
    reference.digest === undefined ? undefined : await storedRoot(reference.digest, context.blobs);
  const { root, pinned } =
    stored === undefined ? await remote() : { root: stored, pinned: formatTransportReference(reference) };
  return {
    root,
    pinned,
    references: referencesOf(reference),
    readDocument: (descriptor) => readDocument(descriptor, context.blobs, remote),
    openBlob: async function* (descriptor) {
      yield* (await remote()).openBlob(descriptor);
    },
    fetchBlob: async (descriptor, blobs) => (await remote()).fetchBlob(descriptor, blobs),
    // Connections belong to the client, which others use too.
    close: () => Promise.resolve(),
  };
}

async function storedRoot(digest: Digest, blobs: BlobStore): Promise<Descriptor | undefined> {
  const bytes = await readStored(digest, blobs);
  if (bytes === undefined) return undefined;
  const { mediaType } = readManifest(bytes, { place: digest });
  return { mediaType, digest, size: bytes.length };
}

async function readDocument(
  descriptor: Descriptor,
  blobs: BlobStore,
  remote: () => Promise<RegistryImageSource>,
): Promise<Uint8Array> {
  const { digest, size } = descriptor;
  const stored = await readStored(digest, blobs);
  if (stored?.length === size) return stored;
  const bytes = await (await remote()).readDocument(descriptor);
  await blobs.put(bytes, { digest, size });
  return bytes;
}

/** Undefined where the store has no sound blob of that digest. */
async function readStored(digest: Digest, blobs: BlobStore): Promise<Uint8Array | undefined> {
  if ((await blobs.size(digest)) === undefined) return undefined;
  try {
    return await blobs.readAll(digest, documentLimit);
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}
