/**
 * An `npm` source of which neither package.json nor the lock has changed: both are known by what lstat says of them, so
 * that not even the lock is parsed. Only for projects without folders of their own, which have to be looked into.
 */
import { lstatSync } from 'node:fs';
import type { Digest } from '../../core/digest/digest.ts';
import type { NpmRequest } from '../../core/plan/snapshot.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import { nativeDigestOfValue } from '../store/native-hasher.ts';
import { systemPath } from './context-path.ts';
import type { NpmPlaces } from './npm-project.ts';
import type { Reading } from './reading.ts';
import type { TreesPlace } from './remembered-trees.ts';
import { sourceErrorOf } from './source-error.ts';

/** Raised when the same lock would be read in another way. */
const version = 1;

/** Digest and size of a file of the context. Throws SourceError. */
export function fileFacts(
  { context, digester }: Reading,
  path: ImagePath,
): { readonly digest: Digest; readonly size: number } {
  try {
    const stats = lstatSync(systemPath(context, path), { bigint: true });
    return { digest: digester.digest(path, stats).digest, size: Number(stats.size) };
  } catch (error) {
    throw sourceErrorOf(error, 'reading', path);
  }
}

/** Where the trees of a source without folders of its own are known by all that decides it. */
export function frontOf(
  { part: _any, ...request }: NpmRequest,
  places: NpmPlaces,
  reading: Reading,
): TreesPlace {
  const manifest = fileFacts(reading, places.manifestFile).digest;
  const lock = fileFacts(reading, places.lockFile).digest;
  const key = nativeDigestOfValue({ version, request, places, manifest, lock });
  return { store: reading.store, kind: 'npm-source', key };
}
