/** Where an image stands that a recipe names by a path, for whoever watches what a snapshot reads. */
import { basename, dirname, join, resolve } from 'node:path';
import type { ReadableReference } from '../transport/open-image.ts';
import type { ReadPlace } from './read-place.ts';

/** Empty for images of registries and of the store, which stay what they are. Relative paths start at `folder`. */
export function imagePlaces(reference: ReadableReference, folder: string): ReadPlace[] {
  if (reference.transport === 'registry' || reference.transport === 'store') return [];
  const path = resolve(folder, reference.path);
  const itself = { folder: dirname(path), name: basename(path) };
  if (reference.transport !== 'oci') return [itself];
  // A blob may arrive after the index that names it.
  return [itself, { folder: path }, { folder: join(path, 'blobs', 'sha256') }];
}
