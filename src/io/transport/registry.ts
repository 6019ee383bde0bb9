/**
 * Images in registries. Reading resolves a tag once and works by digest from then on. Delivering sends blobs first (what
 * the registry has is not sent; what another repository of it has is mounted), then manifests, children before their
 * index, then tags: so nothing that can be found is ever incomplete. What is pushed has exactly the digests it was
 * built with.
 */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { TransportReference } from '../../core/recipe/transport-reference.ts';
import { fetchBlob, readBlob } from '../registry/read-blob.ts';
import { isDocumentType, manifestLimit } from '../registry/manifest-rules.ts';
import { type FetchedManifest, readManifest } from '../registry/manifests.ts';
import { openMirrored } from '../registry/open-mirrored.ts';
import { listReferrers } from '../registry/referrers.ts';
import type { RegistryClient } from '../registry/registry-client.ts';
import { RegistryError } from '../registry/registry-error.ts';
import { type Repository, subjectIn } from '../registry/repository.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { BlobFacts, BlobStore } from '../store/store.ts';
import { pushImage } from './push-image.ts';
import type { Delivery, ImageSource, Receipt, TransportContext } from './transport.ts';

export type RegistryReference = TransportReference & { readonly transport: 'registry' };

export interface RegistryContext extends TransportContext {
  /** Shared by all references of a build, so that tokens and connections are; closed by whoever made it. */
  readonly registries: RegistryClient;
}

/** An image in a registry. Its blobs can also be brought into a store with wrong bytes fetched again. */
export interface RegistryImageSource extends ImageSource {
  /** Errors: RegistryError `registry/differs` when the bytes stay wrong. */
  fetchBlob(descriptor: Descriptor, blobs: BlobStore): Promise<BlobFacts>;
}

/**
 * Opens what a reference names: its digest, else its tag, else `latest`; from a mirror where registries.conf has one. `pinned` is `REGISTRY/REPOSITORY[:TAG]@DIGEST`.
 * Errors: RegistryError.
 */
export async function openRegistryImage(
  reference: RegistryReference,
  context: RegistryContext,
): Promise<RegistryImageSource> {
  const { signal } = context;
  const { registry, repository: name, tag, digest } = reference;
  const manifest = digest === undefined ? { tag: tag ?? 'latest' } : { digest };
  const { repository, root } = await openMirrored(context.registries, { registry, name, manifest }, signal);
  const tagged = tag === undefined ? '' : `:${tag}`;
  return {
    root,
    pinned: `${registry}/${name}${tagged}@${root.digest}`,
    references: referencesOf(reference),
    readDocument: (descriptor) => readDocument(repository, descriptor, signal),
    openBlob: (descriptor) => readBlob(repository, descriptor, signal),
    fetchBlob: (descriptor, blobs) => fetchBlob(repository, descriptor, { blobs, signal }),
    listReferrers: (subject) => listReferrers(repository, subject, { signal }),
    // Connections belong to the client, which others use too.
    close: () => Promise.resolve(),
  };
}

/** The full name of what a reference names by a tag. */
export function referencesOf({ registry, repository, tag }: RegistryReference): readonly string[] {
  return tag === undefined ? [] : [`${registry}/${repository}:${tag}`];
}

/**
 * Pushes an image and moves `tags` to it; without tags it is there by its digest alone. With `mountFrom`, blobs that
 * this repository of the same registry has are mounted. Errors: RegistryError; StoreError where a blob is missing here.
 */
export async function deliverToRegistry(
  delivery: Delivery & { readonly mountFrom?: string | undefined },
  target: { readonly reference: RegistryReference; readonly tags: readonly string[] },
  context: RegistryContext,
): Promise<Receipt> {
  const { registry, repository: name } = target.reference;
  const { signal, registries } = context;
  const options = { purpose: 'write', mountFrom: delivery.mountFrom, signal } as const;
  const repository = await registries.open(registry, name, options);
  const [firstTag] = target.tags;
  const destination = `${registry}/${name}${firstTag === undefined ? '' : `:${firstTag}`}@${delivery.root.digest}`;
  const moved = await pushImage(repository, { ...delivery, tags: target.tags, destination }, context);
  return { destination, digest: delivery.root.digest, ...moved };
}

async function readDocument(
  repository: Repository,
  descriptor: Descriptor,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { digest, size, mediaType } = descriptor;
  if (size > manifestLimit) throw documentError(repository, descriptor, 'it declares more than 4 MiB');
  if (!isDocumentType(mediaType)) return await readSmallBlob(repository, descriptor, signal);
  const fetched: FetchedManifest = await readManifest(repository, { digest }, signal);
  if (fetched.bytes.length !== size) {
    const found = `it has ${String(fetched.bytes.length)} bytes, and its descriptor declares ${String(size)}`;
    throw documentError(repository, descriptor, found);
  }
  if (fetched.descriptor.mediaType !== mediaType) {
    const served = quoteText(fetched.descriptor.mediaType);
    throw documentError(
      repository,
      descriptor,
      `it is ${served}, and its descriptor declares ${quoteText(mediaType)}`,
    );
  }
  return fetched.bytes;
}

async function readSmallBlob(
  repository: Repository,
  descriptor: Descriptor,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { blobs } = createMemoryStore();
  await fetchBlob(repository, descriptor, { blobs, signal });
  return await blobs.readAll(descriptor.digest, manifestLimit);
}

function documentError(repository: Repository, descriptor: Descriptor, found: string): RegistryError {
  const subject = subjectIn(repository, `read ${descriptor.digest}`);
  return new RegistryError('registry/untrusted-manifest', { subject, found });
}
