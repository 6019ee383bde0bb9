/** The tree of Debian packages, made anew: each is held to its digest and taken apart once, and they are laid together. */
import { debianArchitecture } from '../../../core/deb/architecture.ts';
import { assembleRoot, type PackageToInstall } from '../../../core/deb/assemble-root.ts';
import { DiagnosticsError } from '../../../core/diagnostic/failure.ts';
import type { DebRequest } from '../../../core/plan/snapshot.ts';
import type { LockedPackages } from '../../../core/recipe/lock/lock.ts';
import { sourcedTree } from '../packed-tree.ts';
import type { Reading } from '../reading.ts';
import { type RememberedTrees, rememberTrees, type TreesPlace } from '../remembered-trees.ts';
import { countedPackages, sayDownload } from '../say-download.ts';
import { rememberPackages } from '../source-packages.ts';
import { archivesFor } from './deb-archives.ts';
import { clashProblem, scriptsProblem } from './deb-problems.ts';
import { debTrees } from './deb-trees.ts';
import { countAbsent, fetchDebs } from './fetch-debs.ts';
import { withContents } from './read-content.ts';
import { debLabel } from './resolve-debs.ts';
import type { UnpackedDeb } from './unpack-deb.ts';

export interface RootToMake {
  readonly request: DebRequest;
  readonly packages: LockedPackages['packages'];
  /** Where it is remembered. */
  readonly place: TreesPlace;
}

/** Throws Failures, and DiagnosticsError where packages do not go together. */
export async function makeRoot(
  reading: Reading,
  { request, packages, place }: RootToMake,
): Promise<RememberedTrees> {
  const architecture = debianArchitecture(request.platform) ?? '';
  const unpacked = await unpackedPackages(reading, { request, packages, architecture });
  const { effects } = request;
  const { sourced, clashes, skipped, accounts } = await withContents(reading, (read) =>
    assembleRoot(packagesOf(packages, unpacked), { architecture, effects, read }),
  );
  if (clashes.length > 0) throw new DiagnosticsError(clashes.map(clashProblem));
  const root = await rememberTrees(place, debTrees, {
    trees: [{ ...sourced, ...accounts }],
    blobs: [...new Set(unpacked.map(({ data }) => data))],
    warnings: skipped.length === 0 ? [] : [scriptsProblem(skipped)],
  });
  const versions = packages.map(({ name, version }) => ({ name, version }));
  for (const { digest } of root.trees) await rememberPackages(reading.store, digest, versions);
  return root;
}

async function unpackedPackages(
  reading: Reading,
  {
    request,
    packages,
    architecture,
  }: Pick<RootToMake, 'request' | 'packages'> & { readonly architecture: string },
): Promise<readonly UnpackedDeb[]> {
  const { store, signal } = reading;
  const what = `${countedPackages(await countAbsent(packages, store))} for ${architecture}`;
  return sayDownload({ label: debLabel(request), what }, reading, (download) =>
    fetchDebs(packages, {
      store,
      download,
      signal,
      archives: () => [...new Set(archivesFor(request, reading).map(({ url }) => url))],
      isSnapshot: request.snapshot !== undefined,
    }),
  );
}

function packagesOf(
  packages: LockedPackages['packages'],
  unpacked: readonly UnpackedDeb[],
): PackageToInstall[] {
  return unpacked.map(({ control, tree, offsets, data }, at) => {
    const { name = '', version = '' } = packages[at] ?? {};
    const sourced = sourcedTree({ tree, offsets }, (offset) => ({ in: 'layer', blob: data, offset }));
    return { name, version, control, sourced };
  });
}
