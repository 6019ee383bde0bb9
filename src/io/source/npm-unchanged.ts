/**
 * An `npm` source of which neither package.json nor the lock has changed: both are known by what lstat says of them, so
 * that not even the lock is parsed. Only for projects without folders of their own, which have to be looked into.
 */
import { lstatSync } from 'node:fs';
import { type Digest, digestOfValue, parseDigest } from '../../core/digest/digest.ts';
import type { NpmRequest, SourceTree } from '../../core/plan/snapshot.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import type { Store } from '../store/store.ts';
import { systemPath } from './context-path.ts';
import type { NpmPlaces } from './npm-project.ts';
import { recallTrees } from './npm-trees.ts';
import type { Problems, SourceProblem } from './problem-collector.ts';
import type { Reading } from './reading.ts';
import { sourceErrorOf } from './source-error.ts';
import { knowsPackages } from './source-packages.ts';

/** Raised when the same lock would be read in another way. */
const version = 1;

interface Front {
  /** What the trees are remembered under. */
  readonly key: Digest;
  readonly tarballs: readonly Digest[];
  readonly warning?: SourceProblem | undefined;
}

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

/** All that decides what a source without folders of its own is. */
export function frontKey(
  { part: _any, ...request }: NpmRequest,
  places: NpmPlaces,
  reading: Reading,
): Digest {
  const manifest = fileFacts(reading, places.manifestFile).digest;
  const lock = fileFacts(reading, places.lockFile).digest;
  return digestOfValue({ version, request, places, manifest, lock });
}

/** The trees of an earlier build, where its tarballs are still there: whoever packs a layer again needs them. */
export async function unchangedSource(
  store: Store,
  key: Digest,
  problems: Problems,
): Promise<readonly SourceTree[] | undefined> {
  const front = (await store.results.get('npm-source', key)) as (Front & { version?: number }) | undefined;
  if (front?.version !== version || !parseDigest(front.key).ok) return undefined;
  const sizes = await Promise.all(front.tarballs.map((tarball) => store.blobs.size(tarball)));
  if (sizes.includes(undefined)) return undefined;
  const trees = await recallTrees(store, front.key);
  // Only the lock says which packages they are made of.
  if (trees === undefined || !(await knowsPackages(store, digestsOf(trees)))) return undefined;
  if (front.warning !== undefined) problems.warn(front.warning);
  return trees;
}

function digestsOf(trees: readonly SourceTree[]): Digest[] {
  return trees.map(({ digest }) => digest);
}

export async function keepFront(
  store: Store,
  key: Digest,
  { key: layout, tarballs, warning }: Front,
): Promise<void> {
  const said = warning === undefined ? {} : { warning };
  await store.results.put('npm-source', key, { version, key: layout, tarballs, ...said });
}
