/**
 * What a suite of an archive has, as its signature says: InRelease (or Release with Release.gpg) is verified before a
 * word of it is used, and every index by the digest that stands there, under its digest's name where the archive has
 * that (Acquire-By-Hash), so that an update in between cannot mix two states. An index that the store has is not fetched.
 */
import { type PackagesIndex, parsePackages } from '../../../core/deb/packages-index.ts';
import { type IndexFile, parseRelease, type ReleaseFile } from '../../../core/deb/release-file.ts';
import { escapeText } from '../../../core/diagnostic/escape-text.ts';
import { type Digest, digestOfValue, trustedDigest } from '../../../core/digest/digest.ts';
import { DebError } from '../../../core/deb/deb-error.ts';
import { defaultTarLimits } from '../../../core/tar/tar-limits.ts';
import type { Emit } from '../../../core/event/build-event.ts';
import type { Download } from '../../download/download-request.ts';
import { DownloadError } from '../../download/download-error.ts';
import { decompress } from '../../layer/decompress.ts';
import { createMemoryStore } from '../../store/memory-store.ts';
import type { Store } from '../../store/store.ts';
import { rememberBlob } from '../remembered.ts';
import type { DebArchive } from './deb-archives.ts';
import { readKeyring } from './keyring.ts';
import { verifyDetached, verifyInline } from './verify-signature.ts';

export interface IndexContext {
  readonly store: Store;
  readonly download: Download;
  /** Told what is fetched. */
  readonly emit?: Emit;
  /** Milliseconds since 1970: decides whether an index is accepted, and nothing else. */
  readonly now: () => number;
  /** For an archive of the past neither its age nor its keys' counts. */
  readonly isSnapshot: boolean;
}

export interface Suite {
  readonly archive: DebArchive;
  readonly release: ReleaseFile;
}

/** More is no Release file. */
const mostRelease = 64 * 1024 * 1024;
const mostIndex = 1024 * 1024 * 1024;

/** Errors: DebError, exit 9 for signatures and expiry; DownloadError. */
export async function openSuite(archive: DebArchive, context: IndexContext): Promise<Suite> {
  const keyring = await readKeyring(archive.keyring);
  const folder = `${archive.url}/dists/${archive.suite}`;
  const now = context.isSnapshot ? undefined : new Date(context.now());
  const file = { keyring, now };
  const url = `${folder}/InRelease`;
  const inline = await bytesAt(url, context);
  const text =
    inline === undefined
      ? await detachedRelease(folder, file, context)
      : await verifyInline(inline, { ...file, url });
  const release = parseRelease(text, escapeText(url));
  requireSuite(release, archive.suite, url);
  if (now !== undefined) requireFresh(release, { url, now });
  return { archive, release };
}

async function detachedRelease(
  folder: string,
  file: Pick<Parameters<typeof verifyDetached>[2], 'keyring' | 'now'>,
  context: IndexContext,
): Promise<string> {
  const url = `${folder}/Release`;
  const [release, signature] = [await bytesAt(url, context), await bytesAt(`${url}.gpg`, context)];
  if (release === undefined) {
    throw new DebError(
      'deb/no-source',
      `there is no suite at ${escapeText(folder)}: neither InRelease nor Release`,
      {
        help: 'correct `suite` and `mirror`',
      },
    );
  }
  if (signature !== undefined) return verifyDetached(release, signature, { ...file, url });
  throw new DebError('deb/bad-signature', `${escapeText(url)} is not signed`, {
    help: 'use an archive that signs its Release files',
  });
}

/** Undefined where nothing is there. Not verified: it stands in memory only. */
async function bytesAt(url: string, { download }: IndexContext): Promise<Uint8Array | undefined> {
  const { blobs: into } = createMemoryStore();
  try {
    const asked = { url, subject: escapeText(url), limit: mostRelease, proven: 'later' } as const;
    const { digest } = await download(asked, into);
    return await into.readAll(digest, mostRelease);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** A signature is good for every suite of an archive, so the file must say that it is the one that was asked for. */
export function requireSuite({ suite, codename }: ReleaseFile, asked: string, url: string): void {
  // Debian's own are found below other names too: `stable/updates` of old, `bookworm/updates`.
  const known = [suite, codename].filter((name) => name !== undefined);
  if (known.length === 0 || known.some((name) => name === asked || asked.startsWith(`${name}/`))) return;
  const message = `${escapeText(url)} is the Release file of ${escapeText(known.join(', '))}, and not of ${escapeText(asked)}`;
  throw new DebError('deb/wrong-suite', message, {
    help: 'correct `suite`, or ask whoever keeps the archive',
  });
}

export function requireFresh(
  { validUntil }: ReleaseFile,
  { url, now }: { readonly url: string; readonly now: Date },
): void {
  if (validUntil === undefined || validUntil * 1000 >= now.getTime()) return;
  const end = new Date(validUntil * 1000).toISOString().slice(0, 19);
  throw new DebError('deb/expired', `${escapeText(url)} was valid until ${end}Z only`, {
    help: 'use a mirror that is kept up to date; for an archive of the past, write `snapshot`',
  });
}

/** The packages of a suite for an architecture, component by component. */
export async function readIndexes(
  { archive, release }: Suite,
  architecture: string,
  context: IndexContext,
): Promise<PackagesIndex[]> {
  const found: PackagesIndex[] = [];
  for (const component of archive.components) {
    const folders = [`${component}/binary-${architecture}`, `${component}/binary-all`];
    const needed = release.separateAll ? folders : folders.slice(0, 1);
    const listed = needed.filter((folder) => formsOf(release, folder).length > 0);
    if (listed.length === 0) throw notThere(archive, { component, architecture });
    for (const folder of listed) found.push(await readIndex({ archive, release }, folder, context));
  }
  return found;
}

// gzip first: what it needs more in bytes is less than what the others need in time.
const endings = ['.gz', '.zst', '.xz', '.bz2', ''];

interface IndexForm {
  readonly name: string;
  readonly file: IndexFile;
}

/** The forms of an index that Release speaks of, the best first. */
function formsOf({ files }: ReleaseFile, folder: string): IndexForm[] {
  return endings.flatMap((ending) => {
    const name = `${folder}/Packages${ending}`;
    const file = files.get(name);
    return file === undefined ? [] : [{ name, file }];
  });
}

function notThere(
  { url, suite }: DebArchive,
  { component, architecture }: { readonly component: string; readonly architecture: string },
): DebError {
  const message = `the suite ${escapeText(suite)} of ${escapeText(url)} has no ${escapeText(component)} for ${architecture}`;
  return new DebError('deb/no-source', message, { help: 'correct `components` or `platforms`' });
}

async function readIndex(suite: Suite, folder: string, context: IndexContext): Promise<PackagesIndex> {
  const { archive, release } = suite;
  const shown = `${archive.url}/dists/${archive.suite}/${folder}/Packages`;
  const digest = await firstThere(formsOf(release, folder), (form) => fetchIndex(suite, form, context));
  const chunks = context.store.blobs.read(digest);
  const plain = decompress({ chunks, mediaType: undefined, limits: defaultTarLimits });
  return parsePackages(await wholeOf(plain), escapeText(shown));
}

/** What the first one that is there gives; Release speaks of forms too that most archives do not have. */
async function firstThere<One, T>(all: readonly One[], give: (one: One) => Promise<T>): Promise<T> {
  let absent: unknown;
  for (const one of all) {
    try {
      return await give(one);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      absent ??= error;
    }
  }
  throw absent;
}

function isNotFound(error: unknown): boolean {
  return error instanceof DownloadError && error.code === 'download/not-found';
}

async function fetchIndex(
  { archive, release }: Suite,
  { name, file }: IndexForm,
  { store, download }: IndexContext,
): Promise<Digest> {
  const digest = trustedDigest(`sha256:${file.sha256}`);
  const folder = `${archive.url}/dists/${archive.suite}`;
  const byHash = `${name.slice(0, name.lastIndexOf('/'))}/by-hash/SHA256/${file.sha256}`;
  const names = release.acquireByHash ? [byHash, name] : [name];
  const limit = Math.min(mostIndex, file.size);
  const subject = escapeText(`${folder}/${name}`);
  const expected = { digest, size: file.size };
  await firstThere(names, (one) =>
    download({ url: `${folder}/${one}`, subject, limit, expected, proven: 'by-digest' }),
  );
  await rememberBlob(store, { kind: 'index', key: digestOfValue({ digest }) }, digest);
  return digest;
}

async function wholeOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  // The pieces are ours only until the next is asked for.
  for await (const piece of chunks) parts.push(Uint8Array.from(piece));
  return Buffer.concat(parts);
}
