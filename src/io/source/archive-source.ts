/**
 * `archive`: a tar (plain, or compressed with gzip, xz, zstd or bzip2) or a zip file, of the context or of the web, as a
 * tree. Its entries keep their own owner, mode, time, xattrs and type; contents stay where they are, as ranges of the
 * decompressed tar. What was read is remembered by the digest of the file, so an archive that has not changed is not read
 * again.
 */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { Failure } from '../../core/diagnostic/failure.ts';
import { type Digest, encodedOf } from '../../core/digest/digest.ts';
import type { SourceRequest, SourceTree } from '../../core/plan/snapshot.ts';
import { accountNames, accountPath, type AccountName, accountTexts } from '../../core/tree/account-texts.ts';
import type { FileEntry } from '../../core/tree/file-tree.ts';
import { createGlobFilter } from '../../core/tree/glob.ts';
import { type Selection, selectEntries } from '../../core/tree/select-entries.ts';
import { defaultTarLimits } from '../../core/tar/tar-limits.ts';
import { decompress } from '../layer/decompress.ts';
import type { Store } from '../store/store.ts';
import { type ArchiveBytes, contextArchive, storedArchive } from './archive-bytes.ts';
import { sourceTreeOf } from './digest-tree.ts';
import { readRange } from './file-chunks.ts';
import { locateSource } from './locate-source.ts';
import { refusalOf } from './no-archive.ts';
import { type PackedTree, readPackedTree, rememberedTree, sourcedTree } from './packed-tree.ts';
import { fetchPinned } from './pinned-file.ts';
import type { Problems } from './problem-collector.ts';
import type { Reading } from './reading.ts';
import { SourceError } from './source-error.ts';
import { specialFile } from './walk-tree.ts';

export type ArchiveRequest = SourceRequest & { readonly kind: 'archive' };

/** The tree, or undefined where there were errors; all of them are told to `problems`. */
export async function readArchiveSource(
  request: ArchiveRequest,
  { reading, problems }: { readonly reading: Reading; readonly problems: Problems },
): Promise<SourceTree | undefined> {
  const located = locateSource(reading.context, request.source, reading.onRead);
  if (!located.ok) {
    problems.error(located.problem);
    return undefined;
  }
  const { path, stats } = located;
  if (!stats.isFile() && !stats.isDirectory()) {
    problems.error(specialFile(path, stats));
    return undefined;
  }
  try {
    if (stats.isDirectory()) throw folderNoArchive(request);
    const { digest } = reading.digester.digest(path, stats);
    requirePin(request, digest);
    return await treeOfArchive(request, contextArchive(reading.gate, { path, digest }), reading.store);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    problems.failed(error);
    return undefined;
  }
}

/** An archive of the web. Throws as fetchPinned does, and LayerError for what is refused. */
export async function readFetchedArchive(reading: Reading, request: ArchiveRequest): Promise<SourceTree> {
  const { digest } = await fetchPinned(reading, request);
  return treeOfArchive(request, storedArchive(reading.store.blobs, digest), reading.store);
}

function folderNoArchive({ source }: ArchiveRequest): SourceError {
  return new SourceError('source/archive-format', `${quoteText(source)} is a folder, and no archive`, {
    help: 'use `copy` for folders',
  });
}

function requirePin({ source, sha256 }: ArchiveRequest, digest: Digest): void {
  if (sha256 === undefined || sha256.toLowerCase() === encodedOf(digest)) return;
  const message = `${quoteText(source)} has sha256 ${encodedOf(digest)}, and the recipe asks for ${sha256}`;
  throw new SourceError('source/archive-digest', message, {
    help: 'fetch the archive again, or correct `sha256` if the new one is right',
  });
}

async function treeOfArchive(
  request: ArchiveRequest,
  bytes: ArchiveBytes,
  store: Store,
): Promise<SourceTree> {
  const read = (): Promise<PackedTree> =>
    bytes.read((chunks) => readPackedTree({ chunks, mediaType: undefined, as: 'archive' }));
  const packed = await rememberedTree(store, bytes.digest, { as: 'archive', read }).catch(
    async (error: unknown) => {
      throw await refusalOf(error, request.source, bytes);
    },
  );
  const sourced = sourcedTree(packed, (offset) => bytes.contentAt(offset));
  const selection = selectEntries(sourced, { strip: request.strip, filter: createGlobFilter(request) });
  requireUsable(request, selection, packed);
  const accounts = new Map<AccountName, string | undefined>();
  for (const name of accountNames) accounts.set(name, await accountText(bytes, { packed, selection, name }));
  return sourceTreeOf(selection.selected, {
    single: false,
    ...accountTexts((name) => accounts.get(name)),
  });
}

function requireUsable({ source, strip }: ArchiveRequest, selection: Selection, packed: PackedTree): void {
  const [first] = selection.collisions;
  if (first !== undefined) {
    const message = `with strip: ${String(strip)}, two entries of ${quoteText(source)} would stand at ${quoteText(first)}`;
    throw new SourceError('source/strip-collision', message, { help: 'strip less, or exclude one of them' });
  }
  if (selection.selected.tree.entries.length > 0 || packed.tree.entries.length === 0) return;
  throw new SourceError(
    'source/nothing-matched',
    `strip, include and exclude leave nothing of ${quoteText(source)}`,
    {
      help: `patterns are matched with paths of the archive after strip; \`**/\` stands for any folders`,
    },
  );
}

/** Accounts files larger than that are not read. */
const mostBytes = 10 * 1024 * 1024;

async function accountText(
  bytes: ArchiveBytes,
  { packed, selection, name }: { packed: PackedTree; selection: Selection; name: AccountName },
): Promise<string | undefined> {
  const { tree, contents } = selection.selected;
  const file = accountPath(name);
  const source = contents[file];
  const isWanted = (candidate: { path: string; type: string }): boolean =>
    candidate.path === file && candidate.type === 'file';
  const entry = tree.entries.find(isWanted) as FileEntry | undefined;
  if (entry === undefined || source === undefined || !('offset' in source) || entry.size > mostBytes)
    return undefined;
  if (
    packed.tree.entries.some((one) => isWanted(one) && one.type === 'file' && one.digest === entry.digest)
  ) {
    return packed[name];
  }
  // `strip` brought another file here, which was not kept when the archive was read.
  const { offset } = source;
  const text = await bytes.read((chunks) =>
    readRange(decompress({ chunks, mediaType: undefined, limits: defaultTarLimits }), {
      offset,
      size: entry.size,
    }),
  );
  return Buffer.from(text).toString('utf8');
}
