/**
 * Writes the layers of a plan to a repository, so that builds elsewhere can take them: each blob, then a manifest that
 * names it under the tag of its key. What the repository has is not sent again.
 */
import type { Emit } from '../../core/event/build-event.ts';
import type { Layer } from '../../core/image/image.ts';
import { cacheManifest, cacheTag, emptyConfig } from '../../core/plan/cache-entry.ts';
import type { CacheKey, Plan } from '../../core/plan/plan.ts';
import { inParallel } from '../registry/in-parallel.ts';
import { findManifest, writeManifest } from '../registry/manifests.ts';
import type { RegistryClient } from '../registry/registry-client.ts';
import type { Repository } from '../registry/repository.ts';
import { bodyOf } from '../registry/request-body.ts';
import type { BlobWritten } from '../registry/write-blob.ts';
import type { BlobReader, Store } from '../store/store.ts';
import { pushBlob } from '../transport/push-blob.ts';
import { recallResult } from './action-result.ts';
import type { CacheRepository } from './remote-cache.ts';

export interface OfferContext {
  readonly store: Store;
  readonly registries: RegistryClient;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** Every layer of the plan that is in the store, so after the build all of them. Errors: RegistryError, StoreError. */
export async function offerLayers(plan: Plan, to: CacheRepository, context: OfferContext): Promise<void> {
  const { registries, store, emit, signal } = context;
  const destination = `${to.registry}/${to.repository}`;
  emit({ type: 'delivery-started', destination });
  const repository = await registries.open(to.registry, to.repository, { purpose: 'write', signal });
  const offers = await knownLayers(plan, store);
  const tally = { moved: 0, present: 0, bytes: 0 };
  const limits = { limit: repository.client.settings.parallel, signal };
  await inParallel(offers, limits, async (offer, stop) => {
    const sent = await offerLayer(repository, offer, { blobs: store.blobs, signal: stop });
    if (sent === 'present') tally.present += 1;
    else tally.moved += 1;
    tally.bytes += sent === 'uploaded' ? offer.layer.descriptor.size : 0;
  });
  emit({ type: 'delivery-finished', destination, ...tally });
}

interface Offer {
  readonly key: CacheKey;
  readonly layer: Layer;
}

async function knownLayers({ actions }: Plan, store: Store): Promise<Offer[]> {
  const offers: Offer[] = [];
  for (const action of actions) {
    const result = action.kind === 'layer' ? await recallResult(store, action, 'leave') : undefined;
    if (result?.kind === 'layer') offers.push({ key: action.key, layer: result.layer });
  }
  return offers;
}

interface Sending {
  readonly blobs: BlobReader;
  readonly signal: AbortSignal;
}

/** `named` where the repository had the blob, and lacked an entry of it. */
async function offerLayer(
  repository: Repository,
  { key, layer }: Offer,
  { blobs, signal }: Sending,
): Promise<'present' | 'named' | BlobWritten> {
  const tag = cacheTag(key);
  const manifest = cacheManifest(key, layer);
  if ((await findManifest(repository, { tag }, signal)) === manifest.descriptor.digest) return 'present';
  const sent = await pushBlob(repository, { blob: layer.descriptor, push: { blobs }, signal });
  const config = { read: () => bodyOf(emptyConfig.bytes).open() };
  await pushBlob(repository, { blob: emptyConfig.descriptor, push: { blobs: config }, signal });
  await writeManifest(repository, manifest, { name: { tag }, signal });
  return sent === 'present' ? 'named' : sent;
}
