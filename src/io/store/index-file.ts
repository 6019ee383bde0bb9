/**
 * The store's `index.json`, so that skopeo, crane or umoci can read the store as the image layout that it is. It is
 * derived from the results, replaced whole, and never read by us: builds at once lose nothing by it.
 */
import { join } from 'node:path';
import { canonicalBytes } from '../../core/digest/canonical-json.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { mediaTypes } from '../../core/oci/media-type.ts';
import { listResults } from './disk-results.ts';
import { replaceFile } from './durable-file.ts';
import { storeErrorOf } from './store-error.ts';
import { type StoreFolder, temporaryPath } from './store-folder.ts';

/** Sorted by digest, each once; in a store that is read-only nothing is written. */
export async function writeIndex(folder: StoreFolder, roots: readonly Descriptor[]): Promise<void> {
  if (!folder.writable) return;
  const unique = new Map(roots.map((root) => [root.digest, root]));
  const manifests = [...unique.values()].sort((a, b) => (a.digest < b.digest ? -1 : 1));
  const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests };
  const path = join(folder.path, 'index.json');
  try {
    await replaceFile(path, canonicalBytes(index), temporaryPath(folder));
  } catch (error) {
    throw storeErrorOf(error, 'writing', path);
  }
}

/** Derives the index from every result that `rootOf` finds an image in. */
export async function refreshIndex(
  folder: StoreFolder,
  rootOf: (kind: string, value: unknown) => Descriptor | undefined,
): Promise<void> {
  if (!folder.writable) return;
  const roots = listResults(folder).map((result) => rootOf(result.kind, result.value));
  await writeIndex(
    folder,
    roots.filter((root) => root !== undefined),
  );
}
