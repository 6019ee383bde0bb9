/** Pushes one image that stands whole in a store: what is there is not sent, and nothing is named before it is whole. */
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { inParallel } from '../registry/in-parallel.ts';
import { type FetchedManifest, findManifest, writeManifest } from '../registry/manifests.ts';
import { RegistryError } from '../registry/registry-error.ts';
import { type Repository, subjectIn } from '../registry/repository.ts';
import { type BlobWritten, hasBlob, writeBlob } from '../registry/write-blob.ts';
import { type ImageContents, listContents } from './list-contents.ts';
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
  const contents = await listContents(push.root, push.blobs);
  const tally = { moved: 0, present: 0, bytes: 0 };
  const limit = repository.client.settings.parallel;
  const bounds = { limit, signal: context.signal };
  await inParallel(contents.blobs, bounds, async (blob, signal) => {
    const outcome = await pushBlob(repository, { blob, push, signal });
    count(tally, outcome, blob.size);
    report(push, context, blob);
  });
  // Children stand before their index, so one after the other is the right order.
  for (const manifest of contents.manifests) {
    await pushManifest(repository, manifest, { push, context, tally });
  }
  await pushTags(repository, push, { contents, signal: context.signal });
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
  manifest: FetchedManifest,
  task: { readonly push: Push; readonly context: TransportContext; readonly tally: Tally },
): Promise<void> {
  const { signal } = task.context;
  const { digest, size } = manifest.descriptor;
  const present = (await findManifest(repository, { digest }, signal)) !== undefined;
  if (!present) {
    await writeManifest(repository, manifest, { name: { digest }, signal });
    if ((await findManifest(repository, { digest }, signal)) === undefined)
      throw vanished(repository, manifest);
  }
  count(task.tally, present ? 'present' : 'uploaded', size);
  report(task.push, task.context, manifest.descriptor);
}

// A tag that already names the image is left alone: a repeated push writes nothing.
async function pushTags(
  repository: Repository,
  push: Push,
  task: { readonly contents: ImageContents; readonly signal: AbortSignal },
): Promise<void> {
  const { signal, contents } = task;
  const root = contents.manifests.at(-1);
  if (root === undefined) return;
  for (const tag of push.tags) {
    const present = await findManifest(repository, { tag }, signal);
    if (present !== root.descriptor.digest) await writeManifest(repository, root, { name: { tag }, signal });
  }
}

function vanished(repository: Repository, manifest: FetchedManifest): RegistryError {
  return new RegistryError('registry/unexpected-answer', {
    subject: subjectIn(repository, `push manifest ${manifest.descriptor.digest}`),
    found: 'the registry took the manifest and then did not have it',
    help: 'push again; if it stays so, ask the operator of the registry',
  });
}

function count(tally: Tally, outcome: BlobWritten | 'present', size: number): void {
  if (outcome === 'present') tally.present += 1;
  else tally.moved += 1;
  if (outcome === 'uploaded') tally.bytes += size;
}

function report(push: Push, context: TransportContext, item: Descriptor): void {
  const { destination } = push;
  const { digest, size } = item;
  context.emit({ type: 'delivery-progress', destination, item: digest, done: size, total: size });
}
