/** Pushes one image that stands whole in a store: what is there is not sent, and nothing is named before it is whole. */
import { inParallel } from '../registry/in-parallel.ts';
import { isDocumentType, manifestLimit } from '../registry/manifest-rules.ts';
import { findManifest, writeManifest } from '../registry/manifests.ts';
import type { Repository } from '../registry/repository.ts';
import type { BlobWritten } from '../registry/write-blob.ts';
import { reportDelivery } from './delivery-report.ts';
import { pushBlob } from './push-blob.ts';
import { pushManifest } from './push-manifest.ts';
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
  const report = reportDelivery({ destination: push.destination, all }, context.emit);
  const bounds = { limit: repository.client.settings.parallel, signal: context.signal };
  const blobs = all.filter(({ mediaType }) => !isDocumentType(mediaType));
  await inParallel(blobs, bounds, async (blob, signal) => {
    const onSent = (bytes: number): void => {
      report.sent(blob, bytes);
    };
    const outcome = await pushBlob(repository, { blob, push, signal, onSent });
    count(tally, outcome, blob.size);
    report.arrived(blob);
  });
  // Children stand before their index, so one after the other is the right order.
  for (const descriptor of all.filter(({ mediaType }) => isDocumentType(mediaType))) {
    const outcome = await pushManifest(repository, descriptor, { push, signal: context.signal });
    count(tally, outcome, descriptor.size);
    report.arrived(descriptor);
  }
  await pushTags(repository, push, context.signal);
  return tally;
}

type Tally = { -readonly [Name in keyof Moved]: Moved[Name] };

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

function count(tally: Tally, outcome: BlobWritten | 'present', size: number): void {
  if (outcome === 'present') tally.present += 1;
  else tally.moved += 1;
  if (outcome === 'uploaded') tally.bytes += size;
}
