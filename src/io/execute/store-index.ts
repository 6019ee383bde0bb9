/** Keeps the store's `index.json` in step with its results, so that other tools read the store as a layout. */
import type { BuiltImage } from '../../core/image/image.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { isIndexed, refreshIndex } from '../store/index-file.ts';
import type { StoreFolder } from '../store/store-folder.ts';
import { keptKind, keptRoot } from '../transport/keep-image.ts';
import { readResult } from './action-result.ts';

const source = { kinds: ['image', 'index', keptKind], rootOf };

/** Every image and index that a build made or that was pulled; never the bases they stand on. */
export async function refreshStoreIndex(folder: StoreFolder): Promise<void> {
  await refreshIndex(folder, source);
}

/** After a build of these images: nothing is read or written where the index has them. */
export async function indexBuilt(folder: StoreFolder, images: readonly BuiltImage[]): Promise<void> {
  const roots = images.flatMap(({ root, images: all }) => [
    root.digest,
    ...all.map(({ manifest }) => manifest.digest),
  ]);
  if (!isIndexed(folder, roots)) await refreshIndex(folder, source);
}

function rootOf(value: unknown): Descriptor | undefined {
  const kept = keptRoot(value);
  if (kept !== undefined) return kept;
  const result = readResult(value);
  if (result?.kind === 'image') return result.image.manifest;
  return result?.kind === 'index' ? result.index : undefined;
}
