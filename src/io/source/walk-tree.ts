/**
 * Walks a folder of the context: names in byte order, no link followed, one lstat for each file that matters and no
 * descriptor held, so 100,000 files need no more than a handful. What it finds is what copy puts into an image by git's
 * rules; everything that cannot be copied is a problem beside the entries, and the walk goes on.
 */
import { type BigIntStats, lstatSync } from 'node:fs';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { type ImagePath, joinPath } from '../../core/tree/image-path.ts';
import { entriesIn, linkTarget, type NamedEntry, type NodeKind, systemPath } from './context-path.ts';
import type { SourceProblem } from './problem-collector.ts';
import type { FileStats } from './stat-rows.ts';
import { namesBelow, type OnRead } from './read-place.ts';
import { sourceErrorOf } from './source-error.ts';

/** What to do with a name before anything is known of it: `pass` looks into a folder without taking it. */
export type Decision = 'take' | 'pass' | 'skip';

export interface WalkRequest {
  /** The context: absolute and real. */
  readonly context: string;
  /** The folder to walk, relative to the context. */
  readonly folder: ImagePath;
  /** `path` is relative to the folder. */
  readonly decide: (path: ImagePath) => Decision;
  /** The order in which names are visited; it must not matter, and tests shuffle it. */
  readonly arrange?: ((names: string[]) => string[]) | undefined;
  /** Told each folder before it is looked into. */
  readonly onRead?: OnRead;
  /** Told what stands in each folder that is looked into. */
  readonly listed?: (folder: ImagePath, listing: Listing) => void;
}

export interface Listing {
  /** What lstat said of the folder before its names were read. */
  readonly stats: FileStats;
  /** In byte order. */
  readonly entries: readonly NamedEntry[];
}

/** Paths are relative to the folder that is walked. `taken` is false for a folder that was only passed. */
export type Walked =
  | { readonly type: 'file'; readonly path: ImagePath; readonly stats: BigIntStats }
  | { readonly type: 'directory'; readonly path: ImagePath; readonly taken: boolean }
  | { readonly type: 'symlink'; readonly path: ImagePath; readonly target: string }
  | { readonly type: 'problem'; readonly path: ImagePath; readonly problem: SourceProblem };

/** Every entry below the folder, a folder before what is in it; not the folder itself. */
export function* walkTree(request: WalkRequest): Generator<Walked> {
  const waiting: Waiting[] = [];
  const open = (path: ImagePath): Walked | undefined => {
    request.onRead?.(namesBelow(request.context, joinPath(request.folder, path)));
    const found = attempt(request, path, listingOf);
    if (!found.ok) return found.problem;
    request.listed?.(path, found.value);
    waiting.push({ folder: path, entries: arranged(found.value.entries, request).reverse() });
    return undefined;
  };
  const failed = open('' as ImagePath);
  if (failed !== undefined) yield failed;
  for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
    const entry = top.entries.pop();
    if (entry === undefined) {
      waiting.pop();
      continue;
    }
    const path = joinPath(top.folder, entry.name as ImagePath);
    const decision = request.decide(path);
    if (decision === 'skip') continue;
    const walked = lookAt(request, path, { decision, kind: entry.kind });
    if (walked === undefined) continue;
    yield walked;
    const unread = walked.type === 'directory' ? open(path) : undefined;
    if (unread !== undefined) yield unread;
  }
}

/** A folder whose names are being visited, the next one last. */
interface Waiting {
  readonly folder: ImagePath;
  readonly entries: NamedEntry[];
}

function listingOf(full: string | Buffer): Listing {
  const { size, mtimeNs, ctimeNs, ino, dev, mode } = lstatSync(full, { bigint: true });
  return { stats: { size, mtimeNs, ctimeNs, ino, dev, mode }, entries: entriesIn(full) };
}

function arranged(entries: readonly NamedEntry[], { arrange }: WalkRequest): NamedEntry[] {
  if (arrange === undefined) return [...entries];
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  return arrange([...byName.keys()]).flatMap((name) => byName.get(name) ?? []);
}

type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Walked & { type: 'problem' } };

function attempt<T>(request: WalkRequest, path: ImagePath, act: (full: string | Buffer) => T): Attempt<T> {
  const inContext = joinPath(request.folder, path);
  try {
    return { ok: true, value: act(systemPath(request.context, inContext)) };
  } catch (error) {
    const { code, message, help } = sourceErrorOf(error, 'reading', inContext);
    const problem = { code, message, ...(help === undefined ? {} : { help }) };
    return { ok: false, problem: { type: 'problem', path, problem } };
  }
}

/** What a folder says of a name is enough for folders and links; a file's lstat is what it is known by. */
function lookAt(
  request: WalkRequest,
  path: ImagePath,
  { decision, kind }: { readonly decision: 'take' | 'pass'; readonly kind: NodeKind },
): Walked | undefined {
  if (kind === 'directory') return { type: 'directory', path, taken: decision === 'take' };
  if (decision === 'pass') return undefined;
  if (kind === 'symlink') return lookAtLink(request, path);
  const found = attempt(request, path, (full) => lstatSync(full, { bigint: true }));
  if (!found.ok) return found.problem;
  if (found.value.isFile()) return { type: 'file', path, stats: found.value };
  return { type: 'problem', path, problem: specialFile(joinPath(request.folder, path), found.value) };
}

function lookAtLink(request: WalkRequest, path: ImagePath): Walked {
  const target = attempt(request, path, linkTarget);
  return target.ok ? { type: 'symlink', path, target: target.value } : target.problem;
}

/** The problem of a node that has no content to copy; `path` is relative to the context. */
export function specialFile(path: ImagePath, stats: BigIntStats): SourceProblem {
  return {
    code: 'source/special-file',
    message: `${quoteText(path)} is ${nodeName(stats)}, which cannot be copied`,
    help: 'remove it, or leave it out by `exclude` or .dockerignore',
  };
}

function nodeName(stats: BigIntStats): string {
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return stats.isBlockDevice() || stats.isCharacterDevice() ? 'a device' : 'no file, folder or link';
}
