/**
 * The packages that a lock names, each taken apart: out of the store where they are known, else from the first of the
 * archives that has them. Every .deb is held to its digest before a byte of it is used, so it does not matter who gave it.
 */
import { DebError } from '../../../core/deb/deb-error.ts';
import { escapeText } from '../../../core/diagnostic/escape-text.ts';
import { type Digest, trustedDigest } from '../../../core/digest/digest.ts';
import type { LockedPackages } from '../../../core/recipe/lock/lock.ts';
import type { Download } from '../../download/download-request.ts';
import { DownloadError } from '../../download/download-error.ts';
import { inParallel } from '../../registry/in-parallel.ts';
import type { Store } from '../../store/store.ts';
import { recallDeb, type UnpackedDeb, unpackDeb } from './unpack-deb.ts';

export type LockedDeb = LockedPackages['packages'][number];

export interface FetchContext {
  readonly store: Store;
  readonly download: Download;
  readonly signal: AbortSignal;
  /** Where archives are, without slashes at their ends; asked for only when something has to be fetched. */
  readonly archives: () => readonly string[];
  /** Whether the layer names a snapshot: then nothing vanishes. */
  readonly isSnapshot: boolean;
}

/** Packages that are fetched at the same time. */
const parallel = 4;

/** In the order of `packages`. */
export async function fetchDebs(
  packages: readonly LockedDeb[],
  context: FetchContext,
): Promise<readonly UnpackedDeb[]> {
  const found = new Map<string, UnpackedDeb>();
  await inParallel(packages, { limit: parallel, signal: context.signal }, async (one) => {
    found.set(one.sha256, await fetchDeb(one, context));
  });
  return packages.flatMap(({ sha256 }) => found.get(sha256) ?? []);
}

/** How many of them the store has neither whole nor taken apart. */
export async function countAbsent(packages: readonly LockedDeb[], store: Store): Promise<number> {
  let absent = 0;
  for (const one of packages) {
    const digest = debDigest(one);
    const isHere = (await recallDeb(store, digest)) ?? (await store.blobs.size(digest));
    if (isHere === undefined) absent += 1;
  }
  return absent;
}

async function fetchDeb(one: LockedDeb, context: FetchContext): Promise<UnpackedDeb> {
  const { store } = context;
  const digest = debDigest(one);
  const known = await recallDeb(store, digest);
  if (known !== undefined) return known;
  const what = `the package ${escapeText(`${one.name} ${one.version}`)}`;
  if ((await store.blobs.size(digest)) === undefined) await downloadDeb(one, context);
  return unpackDeb(store, { digest, what });
}

export function debDigest({ sha256 }: LockedDeb): Digest {
  return trustedDigest(`sha256:${sha256}`);
}

/** A lock made by another version may not say the size. */
const mostBytes = 4 * 1024 ** 3;

async function downloadDeb(one: LockedDeb, context: FetchContext): Promise<void> {
  const { path, size } = one;
  const archives = context.archives();
  for (const archive of archives) {
    const url = `${archive}/${path.split('/').map(encodeURIComponent).join('/')}`;
    try {
      await context.download({
        url,
        subject: escapeText(`${archive}/${path}`),
        limit: size ?? mostBytes,
        expected: { digest: debDigest(one), ...(size === undefined ? {} : { size }) },
        proven: 'by-digest',
        cureIfDifferent: `nothing of it was stored; try another mirror, or pin the package anew: \`layerwright update ${escapeText(one.name)}\``,
      });
      return;
    } catch (error) {
      if (!(error instanceof DownloadError) || error.code !== 'download/not-found') throw error;
    }
  }
  throw vanished(one, archives, context);
}

function vanished(
  { name, version, path }: LockedDeb,
  archives: readonly string[],
  { isSnapshot }: Pick<FetchContext, 'isSnapshot'>,
): DebError {
  const where = archives.map((archive) => escapeText(`${archive}/${path}`)).join(' and ');
  const message = `${escapeText(`${name} ${version}`)}, which the lock names, is not there any more: nothing is at ${where}`;
  return new DebError('deb/vanished', message, {
    help: isSnapshot
      ? 'correct `mirror` or `snapshot`'
      : `archives drop old versions: run \`layerwright update ${escapeText(name)}\` to move on, or write \`snapshot\` to take it from an archive of snapshots`,
  });
}
