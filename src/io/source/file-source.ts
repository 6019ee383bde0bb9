/**
 * `copy`: a file or folder of the context as a tree. Owner 0:0, git's modes, mtime 0, so that the same files make the
 * same tree on every machine; .dockerignore, include and exclude say what is taken, and secrets are refused.
 */
import { accountsIn } from '../../core/tree/account-texts.ts';
import type { BigIntStats } from 'node:fs';
import { canonicalJson } from '../../core/digest/canonical-json.ts';
import type { SourceTree } from '../../core/plan/snapshot.ts';
import { nativeDigestOf } from '../store/native-hasher.ts';
import type { ContextIgnore } from './context-ignore.ts';
import { locateSource } from './locate-source.ts';
import {
  addFoldersAbove,
  type CopyContext,
  type CopyRequest,
  createSource,
  finish,
  readerOf,
  requireSomething,
  type Source,
  takeFolder,
  takeSingle,
  tellAll,
} from './copy-walk.ts';
import { missingIncludes } from './missing-includes.ts';
import { createBreather } from './reading.ts';
import { isUnchanged } from './unchanged-walk.ts';
import { recordOfWalk, sourceOfWalk } from './walked-source.ts';

export type { CopyRequest } from './copy-walk.ts';

/** The tree, or undefined where there were errors; all of them are told to `problems`. */
export async function readFileSource(
  request: CopyRequest,
  copying: CopyContext,
): Promise<SourceTree | undefined> {
  const { reading, problems } = copying;
  const located = locateSource(reading.context, request.source, reading.onRead);
  if (!located.ok) {
    problems.error(located.problem);
    return undefined;
  }
  const source = createSource(request, copying, located);
  if (!source.single)
    for (const problem of missingIncludes(reading.context, source.at, request.include))
      problems.error(problem);
  const unchanged = await rememberedSource(source, copying.ignore);
  if (unchanged !== undefined) return unchanged;
  const startedAt = reading.now();
  await readAll(source, located.stats);
  tellAll(source);
  if (!source.single) addFoldersAbove(source);
  source.secrets.report(problems);
  if (problems.errors === 0) requireSomething(source);
  if (problems.errors > 0) return undefined;
  const made = finish(source);
  if (made !== undefined) remember(source, { made, startedAt, key: walkKey(source, copying.ignore) });
  return made;
}

/** Every file is told of when this ends, and no thread reads on, whatever the walk met. */
async function readAll(source: Source, stats: BigIntStats): Promise<void> {
  const reader = readerOf(source);
  try {
    if (source.single) takeSingle(source, stats);
    else await takeFolder(source, reader);
  } finally {
    await reader.finish();
  }
}

/** Raised when the same names would be taken in another way. */
const rulesVersion = 2;

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
  const breathe = createBreather(reading.signal);
  const place = { context: reading.context, folder: at, onRead: reading.onRead, breathe };
  if (!(await isUnchanged(record, place))) return undefined;
  for (const warning of record.facts.warnings) problems.warn(warning);
  return sourceOfWalk(record, at);
}

function remember(
  source: Source,
  { made, startedAt, key }: { readonly made: SourceTree; readonly startedAt: number; readonly key: string },
): void {
  if (source.single) return;
  const facts = {
    key,
    digest: made.digest,
    ...accountsIn(made),
    warnings: source.secrets.warnings(),
  };
  const record = recordOfWalk({ ...source, facts, startedAt });
  if (record !== undefined) source.reading.statIndex.walks.keep(record);
}
