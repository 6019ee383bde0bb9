/**
 * `deb`: Debian packages with all that they need, as one tree. Which they are the lock says, and they decide the tree
 * together with the steps in place of scripts: it is remembered by these, so that a build with nothing changed asks no
 * archive, opens no package, and does not even load what would.
 */
import { debianArchitecture } from '../../../core/deb/architecture.ts';
import { Bug } from '../../../core/diagnostic/bug.ts';
import type { DebRequest, SourceTree } from '../../../core/plan/snapshot.ts';
import { findPackages, type LockedPackages } from '../../../core/recipe/lock/lock.ts';
import { wantedPackages } from '../../../core/recipe/lock/wanted-packages.ts';
import { nativeDigestOfValue } from '../../store/native-hasher.ts';
import type { Problems } from '../problem-collector.ts';
import type { Reading } from '../reading.ts';
import { recallTrees, type RememberedTrees, type TreesPlace } from '../remembered-trees.ts';
import { debTrees } from './deb-trees.ts';
import type { RootToMake } from './make-root.ts';

/** Raised when the same packages would make another tree. */
const rootVersion = 1;

/** Throws Failures and DiagnosticsError; warnings go to `problems`. */
export async function readDebSource(
  reading: Reading,
  request: DebRequest,
  problems: Problems,
): Promise<SourceTree> {
  const packages = lockedPackages(reading, request) ?? (await resolvedPackages(reading, request));
  const place = placeOf(reading, { request, packages });
  const known = await recallTrees(place, debTrees);
  const { trees, record } = known ?? (await madeRoot(reading, { request, packages, place }));
  for (const warning of record.warnings) problems.warn(warning);
  const [tree] = trees;
  if (tree === undefined) throw new Bug('packages make one tree');
  return tree;
}

type Packages = LockedPackages['packages'];

function lockedPackages({ lock }: Reading, request: DebRequest): Packages | undefined {
  return lock && findPackages(lock.lock, wantedPackages(request))?.packages;
}

async function resolvedPackages(reading: Reading, request: DebRequest): Promise<Packages> {
  const { resolveDebs } = await import('./resolve-debs.ts');
  return (await resolveDebs(request, reading)).packages;
}

/** By all that decides the tree. */
function placeOf(
  { store }: Reading,
  { request, packages }: { readonly request: DebRequest; readonly packages: Packages },
): TreesPlace {
  const effects = [...request.effects].sort();
  const architecture = debianArchitecture(request.platform) ?? '';
  const key = nativeDigestOfValue({ version: rootVersion, packages, effects, architecture });
  return { store, kind: 'debs', key };
}

async function madeRoot(reading: Reading, root: RootToMake): Promise<RememberedTrees> {
  const { makeRoot } = await import('./make-root.ts');
  return makeRoot(reading, root);
}
