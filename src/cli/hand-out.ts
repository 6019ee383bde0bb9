/** What is done with images that were built: they go where they are to go, and are known by name in the store. */
import { deliverableBlobs } from '../build.ts';
import type { BuiltImage } from '../core/image/image.ts';
import { rememberNames } from '../io/execute/named-images.ts';
import { imagesInStore, indexBuilt } from '../io/execute/store-index.ts';
import type { BlobReader } from '../io/store/store.ts';
import type { Engine } from '../io/transport/engine.ts';
import type { PlannedBuild } from './build-one.ts';
import { deliverAll, type PlannedDelivery } from './deliver-all.ts';
import type { Session } from './session.ts';
import type { Surroundings } from './surroundings.ts';

export interface HandOut {
  readonly session: Session;
  readonly planned: PlannedBuild;
  readonly deliveries: readonly PlannedDelivery[];
  /** Where `--load` loads into. */
  readonly engine: Engine | undefined;
}

export async function handOut(images: readonly BuiltImage[], handing: HandOut): Promise<void> {
  const { session, planned, deliveries, engine } = handing;
  const blobs = deliverableBlobs(planned.portable, planned.contextFolder, session);
  try {
    await deliverAll(deliveries, images, { session, plan: planned.portable.plan, blobs });
    if (engine !== undefined) await loadAll(images, engine, { session, blobs });
  } finally {
    await blobs.close();
  }
}

/** Known to answer before anything is built. */
export async function engineOf(session: Session, env: Surroundings['env']): Promise<Engine> {
  const { findEngine } = await import('../io/transport/engine.ts');
  return findEngine({ env, signal: session.signal });
}

/** `registry/repository:tag@digest` with the first tag, or the bare digest. */
export function nameOf(image: BuiltImage): string {
  const [reference] = image.references;
  return reference === undefined ? image.root.digest : `${reference}@${image.root.digest}`;
}

async function loadAll(
  images: readonly BuiltImage[],
  engine: Engine,
  { session, blobs }: { readonly session: Session; readonly blobs: BlobReader },
): Promise<void> {
  const { loadImage } = await import('./load-image.ts');
  for (const image of images) await loadImage({ image, blobs }, engine, session);
}

/** What is whole in the store can be served by its names. */
export async function offerByName(images: readonly BuiltImage[], { store }: Session): Promise<void> {
  await rememberNames(store.results, imagesInStore(store.folder, images));
}

/** What is whole in the store can be read there by other tools. Reads every result of the store where one is new. */
export async function indexInStore(images: readonly BuiltImage[], { store }: Session): Promise<void> {
  await indexBuilt(store.folder, imagesInStore(store.folder, images));
}
