/** Pushes one image that stands whole in a store: what is there is not sent, and nothing is named before it is whole. */
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { inParallel } from '../registry/in-parallel.ts';
import { isDocumentType, manifestLimit } from '../registry/manifest-rules.ts';
import { findManifest, writeManifest } from '../registry/manifests.ts';
import { RegistryError } from '../registry/registry-error.ts';
import { type Repository, subjectIn } from '../registry/repository.ts';
import { type BlobWritten, hasBlob, writeBlob } from '../registry/write-blob.ts';
import { documentsOf, walkImage } from './walk-image.ts';
import type { Delivery, TransportContext } from './transport.ts';

export interface Push extends Delivery {
  readonly tags: readonly string[];
  readonly mountFrom?: string | undefined;
  /** For events. */
  readonly destination: string;
}

export interface Moved {
  readonly moved: number;
  readonly present: number;
  readonly bytes: number;
}

export async function pushImage(
  repository: Repository,
  push: Push,
  context: TransportContext,
): Promise<Moved> {
  const all = await walkImage(documentsOf(push.blobs), push.root);
  const tally = { moved: 0, present: 0, bytes: 0 };
  const report = reporter(push, all, context);
  const bounds = { limit: repository.client.settings.parallel, signal: context.signal };
  const blobs = all.filter(({ mediaType }) => !isDocumentType(mediaType));
  await inParallel(blobs, bounds, async (blob, signal) => {
    const outcome = await pushBlob(repository, { blob, push, signal });
    count(tally, outcome, blob.size);
    report(blob);
  });
  // Children stand before their index, so one after the other is the right order.
  for (const descriptor of all.filter(({ mediaType }) => isDocumentType(mediaType))) {
    await pushManifest(repository, descriptor, { push, context, tally });
    report(descriptor);
  }
  await pushTags(repository, push, context.signal);
  return tally;
}

type Tally = { -readonly [Name in keyof Moved]: Moved[Name] };

async function pushBlob(
  repository: Repository,
  task: { readonly blob: Descriptor; readonly push: Push; readonly signal: AbortSignal },
): Promise<BlobWritten | 'present'> {
  const { blob, push, signal } = task;
  const { digest, size } = blob;
  if (await hasBlob(repository, digest, signal)) return 'present';
  const body = { size, open: () => push.blobs.read(digest) };
  return await writeBlob(repository, { digest, body, mountFrom: push.mountFrom, signal });
}

async function pushManifest(
  repository: Repository,
  descriptor: Descriptor,
  task: { readonly push: Push; readonly context: TransportContext; readonly tally: Tally },
): Promise<void> {
  const { push, context, tally } = task;
  const { digest, size } = descriptor;
  const present = (await findManifest(repository, { digest }, context.signal)) !== undefined;
  if (!present) {
    const manifest = { descriptor, bytes: await push.blobs.readAll(digest, manifestLimit) };
    await writeManifest(repository, manifest, { name: { digest }, signal: context.signal });
    const found = await findManifest(repository, { digest }, context.signal);
    if (found === undefined) throw vanished(repository, descriptor);
  }
  count(tally, present ? 'present' : 'uploaded', size);
}

// A tag that already names the image is left alone: a repeated push writes nothing.
async function pushTags(repository: Repository, push: Push, signal: AbortSignal): Promise<void> {
  const { root } = push;
  const bytes = await push.blobs.readAll(root.digest, manifestLimit);
  for (const tag of push.tags) {
    const present = await findManifest(repository, { tag }, signal);
    if (present === root.digest) continue;
    await writeManifest(repository, { descriptor: root, bytes }, { name: { tag }, signal });
  }
}

function vanished(repository: Repository, manifest: Descriptor): RegistryError {
  return new RegistryError('registry/unexpected-answer', {
    subject: subjectIn(repository, `push manifest ${manifest.digest}`),
    found: 'the registry took the manifest and then did not have it',
    help: 'push again; if it stays so, ask the operator of the registry',
  });
}

function count(tally: Tally, outcome: BlobWritten | 'present', size: number): void {
  if (outcome === 'present') tally.present += 1;
  else tally.moved += 1;
  if (outcome === 'uploaded') tally.bytes += size;
}

/** Says that an item is at the registry, and how much of the whole image is by now. */
function reporter(
  { destination }: Push,
  all: readonly Descriptor[],
  context: TransportContext,
): (item: Descriptor) => void {
  const total = all.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  return ({ digest, size }) => {
    done += size;
    context.emit({ type: 'delivery-progress', destination, item: digest, done, total });
  };
}
