/**
 * One `copy` under way: what the walk finds is taken or left, files whose digests nobody knows are read afterwards, and
 * problems are told in the order of the walk.
 */
import type { BigIntStats } from 'node:fs';
import { Failure } from '../../core/diagnostic/failure.ts';
import type { SourceRequest, SourceTree } from '../../core/plan/snapshot.ts';
import { emptyContents, type TreeEntry } from '../../core/tree/file-tree.ts';
import { compareEntries } from '../../core/tree/check-tree.ts';
import { createGlobFilter } from '../../core/tree/glob.ts';
import type { IgnoreLine } from '../../core/tree/ignore-file.ts';
import { baseName, foldersAboveAll, type ImagePath, joinPath } from '../../core/tree/image-path.ts';
import { readAccountTexts } from './account-texts.ts';
import type { ContextIgnore } from './context-ignore.ts';
import type { UnreadFiles } from './digest-batch.ts';
import { createFilesReader, type FilesReader } from './digest-files.ts';
import { copiedFile, copiedFolder, copiedLink } from './copied-entry.ts';
import { sourceTreeOf } from './digest-tree.ts';
import { absoluteLink, isInside } from './locate-source.ts';
import { type HiddenPath, hiddenWholly, nothingMatched } from './empty-source.ts';
import type { Problems } from './problem-collector.ts';
import { createBreather, type Reading } from './reading.ts';
import { createSecretGuard, type SecretGuard } from './secret-guard.ts';
import { StatRows } from './stat-rows.ts';
import {
  type Decision,
  type Listing,
  specialFile,
  walkTree,
  type Walked,
  type WalkRequest,
} from './walk-tree.ts';

export type CopyRequest = SourceRequest & { readonly kind: 'copy' };

export interface CopyContext {
  readonly reading: Reading;
  readonly ignore: ContextIgnore;
  readonly problems: Problems;
}

/** A copy under way. */
export interface Source {
  readonly request: CopyRequest;
  readonly reading: Reading;
  readonly problems: Problems;
  /** Relative to the context, links resolved. */
  readonly at: ImagePath;
  /** Whether the source is a file by itself. */
  readonly single: boolean;
  readonly secrets: SecretGuard;
  /** The line of .dockerignore that hides a path of the context, and whether an exception may show something below it. */
  readonly hiddenBy: (path: ImagePath) => IgnoreLine | undefined;
  readonly mayShowBelow: (folder: ImagePath) => boolean;
  readonly entries: Map<ImagePath, TreeEntry>;
  readonly contents: ReturnType<typeof emptyContents>;
  readonly listings: Map<ImagePath, Listing>;
  /** What lstat said of each file that was taken, and its digest. */
  readonly rows: StatRows;
  readonly rowOf: Map<ImagePath, number>;
  /** Files whose digests are not known yet, and how many nodes the walk had come by at each. */
  readonly unread: UnreadFiles & { readonly seen: number[] };
  /** How many nodes the walk has come by. */
  seen: number;
  readonly told: Told[];
  /** The first thing that was hidden, and whether a pattern left anything out. */
  readonly left: { hidden?: HiddenPath; filtered: boolean };
}

interface Told {
  readonly seen: number;
  readonly tell: (problems: Problems) => void;
}

export function createSource(
  request: CopyRequest,
  { reading, ignore, problems }: CopyContext,
  { path: at, stats }: { readonly path: ImagePath; readonly stats: BigIntStats },
): Source {
  const matcher = request.ignore ? ignore.matcher(problems) : undefined;
  return {
    request,
    reading,
    problems,
    at,
    single: !stats.isDirectory(),
    secrets: createSecretGuard({ allowSecrets: request.allowSecrets, folder: at, gate: reading.gate }),
    hiddenBy: (path) => matcher?.hiddenBy(path),
    mayShowBelow: (folder) => matcher?.mayShowBelow(folder) ?? false,
    entries: new Map(),
    contents: emptyContents(),
    listings: new Map(),
    rows: new StatRows(),
    rowOf: new Map(),
    unread: { paths: [], rows: new StatRows(), seen: [] },
    seen: 0,
    told: [],
    left: { filtered: false },
  };
}

/** A file by itself: include and exclude see its name. */
export function takeSingle(source: Source, stats: BigIntStats): void {
  const { problems, at, left } = source;
  const name = baseName(at) as ImagePath;
  const line = source.hiddenBy(at);
  if (line !== undefined) left.hidden = { path: at, line };
  else if (!createGlobFilter(source.request).takes(name)) left.filtered = true;
  else if (!stats.isFile()) problems.error(specialFile(at, stats));
  else if (!source.secrets.refuses(name, at)) addFile(source, { path: name, stats, inContext: at });
}

/** `reader` reads, while the walk goes on, what it has found. */
export async function takeFolder(source: Source, reader: FilesReader): Promise<void> {
  const { reading, at } = source;
  const breathe = createBreather(reading.signal);
  const request: WalkRequest = {
    context: reading.context,
    folder: at,
    decide: decider(source),
    arrange: reading.shuffle,
    onRead: reading.onRead,
    listed: (folder, listing) => source.listings.set(folder, listing),
  };
  for (const walked of walkTree(request)) {
    take(source, walked);
    const pause = breathe();
    if (pause === undefined) continue;
    await pause;
    await reader.readAhead();
  }
}

function decider(source: Source): (path: ImagePath) => Decision {
  const { request, at, left } = source;
  const filter = createGlobFilter(request);
  return (path) => {
    if (filter.prunes(path)) {
      left.filtered = true;
      return 'skip';
    }
    const inContext = joinPath(at, path);
    const line = source.hiddenBy(inContext);
    if (line !== undefined) {
      left.hidden ??= { path: inContext, line };
      return source.mayShowBelow(inContext) ? 'pass' : 'skip';
    }
    if (filter.takes(path)) return source.secrets.refuses(path, inContext) ? 'skip' : 'take';
    left.filtered = true;
    return 'pass';
  };
}

function take(source: Source, walked: Walked): void {
  source.seen += 1;
  const { path } = walked;
  const inContext = joinPath(source.at, path);
  switch (walked.type) {
    case 'problem':
      tell(source, (problems) => problems.error(walked.problem));
      return;
    case 'directory':
      if (walked.taken) source.entries.set(path, copiedFolder(path));
      return;
    case 'symlink':
      addLink(source, { path, target: walked.target, inContext });
      return;
    case 'file':
      addFile(source, { path, stats: walked.stats, inContext });
  }
}

function addLink(
  source: Source,
  link: { readonly path: ImagePath; readonly target: string; readonly inContext: ImagePath },
): void {
  const { path, target, inContext } = link;
  if (target.startsWith('/') && isInside(source.reading.context, target)) {
    tell(source, (problems) => problems.error(absoluteLink(inContext, target)));
    return;
  }
  source.entries.set(path, copiedLink(path, target));
}

interface FoundFile {
  readonly path: ImagePath;
  readonly stats: BigIntStats;
  readonly inContext: ImagePath;
}

/** Its digest is taken after the walk, where no index has it. */
function addFile(source: Source, { path, stats, inContext }: FoundFile): void {
  try {
    if (source.secrets.holdsKey(path, inContext)) return;
    const known = source.reading.statIndex.find(inContext, stats);
    if (known !== undefined) {
      addEntry(source, inContext, source.rows.push(stats, known));
      return;
    }
    const { paths, rows, seen } = source.unread;
    paths.push(inContext);
    rows.push(stats);
    seen.push(source.seen);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    tell(source, (problems) => problems.failed(error));
  }
}

/** `row` is the file's in the source's rows. */
function addEntry(source: Source, inContext: ImagePath, row: number): void {
  const { single, at, rows } = source;
  const below = at === '' ? 0 : at.length + 1;
  const path = (single ? baseName(at) : inContext.slice(below)) as ImagePath;
  source.entries.set(path, copiedFile(path, rows, row));
  source.rowOf.set(path, row);
  source.contents[path] = { in: 'context', path: inContext };
}

/** Reads the files whose digests are not known, and makes entries of them. */
export function readerOf(source: Source): FilesReader {
  const { paths, seen } = source.unread;
  return createFilesReader(source.unread, source.reading, (at, file) => {
    const inContext = paths[at];
    if (inContext === undefined) return;
    if ('rows' in file) addEntry(source, inContext, source.rows.take(file.rows, file.row));
    else source.told.push({ seen: seen[at] ?? 0, tell: (problems) => problems.failed(file.failure) });
  });
}

/** Problems are told in the order of the walk, whenever they are found. */
function tell(source: Source, say: Told['tell']): void {
  source.told.push({ seen: source.seen, tell: say });
}

export function tellAll({ told, problems }: Source): void {
  for (const one of told.toSorted((a, b) => a.seen - b.seen)) one.tell(problems);
}

/** Folders that were not taken themselves but hold something that was. */
export function addFoldersAbove({ entries }: Source): void {
  for (const folder of foldersAboveAll(entries.keys()))
    if (!entries.has(folder)) entries.set(folder, copiedFolder(folder));
}

export function requireSomething({ entries, left, request, problems, single }: Source): void {
  if (entries.size > 0) return;
  if (left.hidden !== undefined) problems.error(hiddenWholly(request.source, left.hidden));
  else if (left.filtered) problems.error(nothingMatched({ ...request, single }));
}

export function finish({ entries, contents, single, reading, problems }: Source): SourceTree | undefined {
  const sorted = [...entries.values()].sort(compareEntries);
  try {
    const accounts = readAccountTexts(reading.gate, (single ? '' : 'etc') as ImagePath, (path) => {
      const [entry, content] = [entries.get(path), contents[path]];
      return entry?.type === 'file' && content?.in === 'context'
        ? { entry, inContext: content.path }
        : undefined;
    });
    return sourceTreeOf({ tree: { entries: sorted }, contents }, { single, ...accounts });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    problems.failed(error);
    return undefined;
  }
}
