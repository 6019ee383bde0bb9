/**
 * The trees of packages, each read out of its tarball once: what an earlier build of the same project read is
 * remembered in one piece, by the digests of the tarballs.
 */
import type { Digest } from '../../core/digest/digest.ts';
import { packageText } from '../../core/npm/package-closure.ts';
import type { PackageTree } from '../../core/npm/package-files.ts';
import type { LockedPackage } from '../../core/npm/package-lock.ts';
import { inParallel } from '../registry/in-parallel.ts';
import { countedPackages, sayDownload } from './say-download.ts';
import { readPackage } from './npm-package.ts';
import { ensureTarball, isToFetch, type TarballContext } from './npm-tarball.ts';
import type { Problems } from './problem-collector.ts';
import { recall, remember } from './remembered.ts';
import { Failure } from '../../core/diagnostic/failure.ts';

/** Failures of the registry as a whole: each package would be tried in vain, and would say the same. */
const ofAll: ReadonlySet<string> = new Set(['npm/no-registry', 'download/unreachable']);

/** As many as npm fetches at the same time. */
const parallel = 15;

/** The tarball of each package in the store. Each problem is told, and the package then missing. */
export async function ensureTarballs(
  packages: readonly LockedPackage[],
  context: TarballContext,
  { problems, label }: { readonly problems: Problems; readonly label: string },
): Promise<ReadonlyMap<LockedPackage, Digest>> {
  const { reading } = context;
  const absent = await Promise.all(packages.map((locked) => isToFetch(locked, context)));
  // One that npm's cache has spoilt is fetched without having been counted.
  const said = { label, what: countedPackages(absent.filter(Boolean).length) };
  const saying = { ...reading, hasFailed: () => problems.errors > 0 };
  return sayDownload(said, saying, (download) =>
    bringTarballs(packages, { ...context, reading: { ...reading, download } }, problems),
  );
}

async function bringTarballs(
  packages: readonly LockedPackage[],
  context: TarballContext,
  problems: Problems,
): Promise<ReadonlyMap<LockedPackage, Digest>> {
  const tarballs = new Map<LockedPackage, Digest>();
  const { signal } = context.reading;
  const ended = new Set<string>();
  await inParallel(packages, { limit: parallel, signal }, async (locked) => {
    if (ended.size > 0) return;
    try {
      tarballs.set(locked, await ensureTarball(locked, context));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (ended.has(error.code)) return;
      if (ofAll.has(error.code)) ended.add(error.code);
      problems.failed(locked.optional && !areWrong.has(error.code) ? withWayOut(error) : error);
    }
  });
  return tarballs;
}

/** Bytes that are there and are others are no reason to go on without them. */
const areWrong: ReadonlySet<string> = new Set(['npm/integrity', 'download/differs']);

/** npm goes on without an optional package that it cannot fetch; here the same lock would make other images that way. */
function withWayOut(failure: Failure): Failure {
  const leaveOut = 'it is an optional dependency: `omit: [dev, optional]` leaves all of those out';
  const help = failure.help === undefined ? leaveOut : `${failure.help}; ${leaveOut}`;
  return new Failure(failure.code, failure.message, { help, cause: failure });
}

/** `key` names the project; what is remembered under it may be of other packages, and is then read anew. */
export async function readPackages(
  tarballs: ReadonlyMap<LockedPackage, Digest>,
  { context, key, problems }: { context: TarballContext; key: Digest; problems: Problems },
): Promise<ReadonlyMap<Digest, PackageTree>> {
  const { store, signal } = context.reading;
  const known = ((await recall(store, 'npm-files', key)) ?? {}) as Readonly<Record<string, PackageTree>>;
  const trees = new Map<Digest, PackageTree>();
  let isNew = false;
  for (const [{ name, version }, tarball] of tarballs) {
    if (trees.has(tarball)) continue;
    signal.throwIfAborted();
    const remembered = Object.hasOwn(known, tarball) ? known[tarball] : undefined;
    isNew ||= remembered === undefined;
    try {
      const tree = remembered ?? (await readPackage(store.blobs, tarball, packageText(name, version)));
      trees.set(tarball, tree);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      problems.failed(error);
    }
  }
  if (isNew) await remember(store, { kind: 'npm-files', key }, Object.fromEntries(trees));
  return trees;
}
