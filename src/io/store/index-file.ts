/**
 * The store's `index.json`, so that skopeo, crane or umoci can read the store as the image layout that it is. It is
 * derived from the results, replaced whole, and never read by us: builds at once lose nothing by it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalBytes } from '../../core/digest/canonical-json.ts';
import type { Digest } from '../../core/digest/digest.ts';
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

/** What of the results the index is derived from. */
export interface IndexSource {
  /** The kinds of results that hold images; the others are not read. */
  readonly kinds: readonly string[];
  readonly rootOf: (value: unknown) => Descriptor | undefined;
}

/** Derives the index from every result that an image is found in. */
export async function refreshIndex(folder: StoreFolder, { kinds, rootOf }: IndexSource): Promise<void> {
  if (!folder.writable) return;
  const roots = listResults(folder, kinds).map((result) => rootOf(result.value));
  await writeIndex(
    folder,
    roots.filter((root) => root !== undefined),
  );
}

/** Whether the index names all of these already. */
export function isIndexed(folder: StoreFolder, roots: readonly Digest[]): boolean {
  try {
    const text = readFileSync(join(folder.path, 'index.json'), 'utf8');
    return roots.every((root) => text.includes(root));
  } catch {
    return false;
  }
}
