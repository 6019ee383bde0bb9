/**
 * `copy`: a file or folder of the context as a tree. Owner 0:0, git's modes, mtime 0, so that the same files make the
 * same tree on every machine; .dockerignore, include and exclude say what is taken, and secrets are refused.
 */
import type { BigIntStats } from 'node:fs';
import { canonicalJson } from '../../core/digest/canonical-json.ts';
import { Failure } from '../../core/diagnostic/failure.ts';
import type { SourceRequest, SourceTree } from '../../core/plan/snapshot.ts';
import { emptyContents, type TreeEntry } from '../../core/tree/file-tree.ts';
import { compareEntries } from '../../core/tree/check-tree.ts';
import { createGlobFilter } from '../../core/tree/glob.ts';
import type { IgnoreLine } from '../../core/tree/ignore-file.ts';
import { baseName, foldersAbove, type ImagePath, joinPath } from '../../core/tree/image-path.ts';
import { nativeDigestOf } from '../store/native-hasher.ts';
import { readAccountTexts } from './account-texts.ts';
import type { ContextIgnore } from './context-ignore.ts';
import { copiedFile, copiedFolder, copiedLink } from './copied-entry.ts';
import { sourceTreeOf } from './digest-tree.ts';
import { absoluteLink, isInside, locateSource } from './locate-source.ts';
import { type HiddenPath, hiddenWholly, nothingMatched } from './empty-source.ts';
import type { Problems } from './problem-collector.ts';
import { createBreather, type Reading } from './reading.ts';
import { createSecretGuard, type SecretGuard } from './secret-guard.ts';
import { StatRows } from './stat-rows.ts';
import { isUnchanged } from './unchanged-walk.ts';
import {
  type Decision,
  type Listing,
  specialFile,
  walkTree,
  type Walked,
  type WalkRequest,
} from './walk-tree.ts';
import { recordOfWalk, sourceOfWalk } from './walked-source.ts';

export type CopyRequest = SourceRequest & { readonly kind: 'copy' };

export interface CopyContext {
  readonly reading: Reading;
  readonly ignore: ContextIgnore;
  readonly problems: Problems;
}

/** The tree, or undefined where there were errors; all of them are told to `problems`. */
export async function readFileSource(
  request: CopyRequest,
  copying: CopyContext,
): Promise<SourceTree | undefined> {
  const { reading, problems } = copying;
  const located = locateSource(reading.context, request.source);
  if (!located.ok) {
    problems.error(located.problem);
    return undefined;
  }
  const source = createSource(request, copying, located);
  const unchanged = await rememberedSource(source, copying.ignore);
  if (unchanged !== undefined) return unchanged;
  const startedAt = reading.now();
  if (source.single) takeSingle(source, located.stats);
  else await takeFolder(source);
  source.secrets.report(problems);
  if (problems.errors === 0) requireSomething(source);
  if (problems.errors > 0) return undefined;
  const made = finish(source);
  if (made !== undefined) remember(source, { made, startedAt, key: walkKey(source, copying.ignore) });
  return made;
}

/** Raised when the same names would be taken in another way. */
const rulesVersion = 1;

/** All that decides what a walk takes and what is said of it, but for what it finds. */
function walkKey({ request, at }: Source, ignore: ContextIgnore): string {
  const text = request.ignore ? ignore.text() : undefined;
  const hidden = text === undefined ? {} : { ignore: nativeDigestOf(Buffer.from(text)) };
  return canonicalJson({ rulesVersion, request, at, ...hidden });
}

/** The folder as an earlier build found it, where one look at each of its names shows no difference. */
async function rememberedSource(source: Source, ignore: ContextIgnore): Promise<SourceTree | undefined> {
  const { reading, problems, at } = source;
  if (source.single || problems.errors > 0) return undefined;
  const record = reading.statIndex.walks.find(walkKey(source, ignore));
  if (record === undefined) return undefined;
  const place = { context: reading.context, folder: at, breathe: createBreather(reading.signal) };
  if (!(await isUnchanged(record, place))) return undefined;
  for (const warning of record.facts.warnings) problems.warn(warning);
  return sourceOfWalk(record, at);
}

function remember(
  source: Source,
  { made, startedAt, key }: { readonly made: SourceTree; readonly startedAt: number; readonly key: string },
): void {
  if (source.single) return;
  const { passwd, group, digest } = made;
  const facts = {
    key,
    digest,
    ...(passwd === undefined ? {} : { passwd }),
    ...(group === undefined ? {} : { group }),
    warnings: source.secrets.warnings(),
  };
  const record = recordOfWalk({ ...source, facts, startedAt });
  if (record !== undefined) source.reading.statIndex.walks.keep(record);
}

/** A copy under way. */
interface Source {
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
  /** The first thing that was hidden, and whether a pattern left anything out. */
  readonly left: { hidden?: HiddenPath; filtered: boolean };
}

function createSource(
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
    left: { filtered: false },
  };
}

/** A file by itself: include and exclude see its name. */
function takeSingle(source: Source, stats: BigIntStats): void {
  const { problems, at, left } = source;
  const name = baseName(at) as ImagePath;
  const line = source.hiddenBy(at);
  if (line !== undefined) left.hidden = { path: at, line };
  else if (!createGlobFilter(source.request).takes(name)) left.filtered = true;
  else if (!stats.isFile()) problems.error(specialFile(at, stats));
  else if (!source.secrets.refuses(name, at)) addFile(source, { path: name, stats, inContext: at });
}

async function takeFolder(source: Source): Promise<void> {
  const { reading, at } = source;
  const breathe = createBreather(reading.signal);
  const request: WalkRequest = {
    context: reading.context,
    folder: at,
    decide: decider(source),
    arrange: reading.shuffle,
    listed: (folder, listing) => source.listings.set(folder, listing),
  };
  for (const walked of walkTree(request)) {
    take(source, walked);
    const pause = breathe();
    if (pause !== undefined) await pause;
  }
  addFoldersAbove(source);
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
  const { path } = walked;
  const inContext = joinPath(source.at, path);
  switch (walked.type) {
    case 'problem':
      source.problems.error(walked.problem);
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
    source.problems.error(absoluteLink(inContext, target));
    return;
  }
  source.entries.set(path, copiedLink(path, target));
}

interface FoundFile {
  readonly path: ImagePath;
  readonly stats: BigIntStats;
  readonly inContext: ImagePath;
}

function addFile(source: Source, { path, stats: seen, inContext }: FoundFile): void {
  try {
    if (source.secrets.holdsKey(path, inContext)) return;
    const { digest, stats } = source.reading.digester.digest(inContext, seen);
    source.entries.set(path, copiedFile(path, { stats, digest }));
    source.rowOf.set(path, source.rows.push(stats, digest));
    source.contents[path] = { in: 'context', path: inContext };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    source.problems.failed(error);
  }
}

/** Folders that were not taken themselves but hold something that was. */
function addFoldersAbove({ entries }: Source): void {
  for (const path of [...entries.keys()]) {
    for (const folder of foldersAbove(path))
      if (!entries.has(folder)) entries.set(folder, copiedFolder(folder));
  }
}

function requireSomething({ entries, left, request, problems, single }: Source): void {
  if (entries.size > 0) return;
  if (left.hidden !== undefined) problems.error(hiddenWholly(request.source, left.hidden));
  else if (left.filtered) problems.error(nothingMatched({ ...request, single }));
}

function finish({ entries, contents, single, reading, problems }: Source): SourceTree | undefined {
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
