/**
 * Keeps an image in the store that no build made: garbage collection removes what no result speaks of, so a result
 * speaks of it (store.ts, ResultCache).
 */
import { type Digest, parseDigest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { Store } from '../store/store.ts';
import { documentsOf, walkImage } from './walk-image.ts';

/** The kind of these results. */
export const keptKind = 'pull';

/** Raised when the shape of the record changes. */
const keptVersion = 1;

interface KeptImage {
  readonly keptVersion: number;
  /** As a user would write where it came from. */
  readonly reference: string;
  readonly root: Descriptor;
  readonly blobs: readonly Digest[];
}

/** Everything below `root` is in the store. Throws StoreError. */
export async function keepImage(
  store: Store,
  image: { readonly root: Descriptor; readonly reference: string },
): Promise<void> {
  const { root, reference } = image;
  const blobs = (await walkImage(documentsOf(store.blobs), root)).map(({ digest }) => digest);
  await store.results.put(keptKind, root.digest, { keptVersion, reference, root, blobs } satisfies KeptImage);
}

/** The root that a result keeps; undefined for results of other kinds or versions. */
export function keptRoot(value: unknown): Descriptor | undefined {
  const kept = value as Partial<KeptImage> | undefined;
  if (kept?.keptVersion !== keptVersion || kept.root === undefined) return undefined;
  return parseDigest(kept.root.digest).ok ? kept.root : undefined;
}
