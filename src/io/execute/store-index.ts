/** Keeps the store's `index.json` in step with its results, so that other tools read the store as a layout. */
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { refreshIndex } from '../store/index-file.ts';
import type { StoreFolder } from '../store/store-folder.ts';
import { readResult } from './action-result.ts';

/** Every image and index that a build made; never the bases they stand on. */
export async function refreshStoreIndex(folder: StoreFolder): Promise<void> {
  await refreshIndex(folder, (_kind, value) => rootOf(value));
}

function rootOf(value: unknown): Descriptor | undefined {
  const result = readResult(value);
  if (result?.kind === 'image') return result.image.manifest;
  return result?.kind === 'index' ? result.index : undefined;
}
