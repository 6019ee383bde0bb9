/**
 * Finds a source of the context. The path is walked a component at a time, by lstat and readlink, as if the context
 * were the root of the file system: links on the way are followed inside the context and never out of it.
 */
import { lstatSync, type BigIntStats } from 'node:fs';
import { escapeText, quoteText } from '../../core/diagnostic/escape-text.ts';
import { suggest } from '../../core/diagnostic/suggest.ts';
import { cleanParts } from '../../core/tree/clean-parts.ts';
import {
  baseName,
  comparePaths,
  type ImagePath,
  joinPath,
  parentPath,
  rootPath,
} from '../../core/tree/image-path.ts';
import { isAbsent, systemWords } from '../store/file-problem.ts';
import { linkTarget, namesIn, systemPath } from './context-path.ts';
import type { SourceProblem } from './problem-collector.ts';
import { type OnRead, placeBelow } from './read-place.ts';

export type Located =
  | {
      readonly ok: true;
      /** Relative to the context, without any link on the way; '' is the context itself. */
      readonly path: ImagePath;
      readonly stats: BigIntStats;
    }
  | { readonly ok: false; readonly problem: SourceProblem };

/** Linux follows 40 links in one path (path_resolution(7)). */
const maxLinks = 40;

const leadsOut = 'leads out of the context through a link';

/** `context` is absolute and real; `source` is the recipe's text. `onRead` is told every name on the way. */
export function locateSource(context: string, source: string, onRead: OnRead): Located {
  if (source.startsWith('/')) return refuse(leaves(source, 'is an absolute path'));
  if (source.includes('\0')) return refuse({ code: 'source/missing', message: 'a path cannot hold a NUL' });
  let path = rootPath;
  let links = 0;
  const rest = source.split('/').reverse();
  for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (path === '') return refuse(leaves(source, links > 0 ? leadsOut : 'is outside the context'));
      path = parentPath(path);
      continue;
    }
    const next = joinPath(path, part as ImagePath);
    onRead(placeBelow(context, next));
    const step = lookAt(context, next, source);
    if (!step.ok) return step;
    if (step.target === undefined) {
      path = next;
      continue;
    }
    links += 1;
    if (links > maxLinks) return refuse(loops(source));
    if (step.target.startsWith('/'))
      return refuse(absolute(context, { source, link: next, target: step.target }));
    rest.push(...step.target.split('/').reverse());
  }
  return statsOf(context, path, source);
}

function refuse(problem: SourceProblem): { readonly ok: false; readonly problem: SourceProblem } {
  return { ok: false, problem };
}

type Step =
  | { readonly ok: true; readonly target: string | undefined }
  | { readonly ok: false; readonly problem: SourceProblem };

function lookAt(context: string, path: ImagePath, source: string): Step {
  try {
    const full = systemPath(context, path);
    return { ok: true, target: lstatSync(full).isSymbolicLink() ? linkTarget(full) : undefined };
  } catch (error) {
    return refuse(isAbsent(error) ? missingSource(context, path, source) : unreadable(path, error));
  }
}

function statsOf(context: string, path: ImagePath, source: string): Located {
  try {
    return { ok: true, path, stats: lstatSync(systemPath(context, path), { bigint: true }) };
  } catch (error) {
    return refuse(isAbsent(error) ? missingSource(context, path, source) : unreadable(path, error));
  }
}

/** `source` is what the recipe says, `path` the first part of it that is not there. */
export function missingSource(context: string, path: ImagePath, source: string): SourceProblem {
  const folder = parentPath(path);
  const similar = suggest(baseName(path), namesOrNone(context, folder));
  const where = folder === '' ? 'the context' : quoteText(folder);
  const message =
    source === path
      ? `${quoteText(source)} is not in the context`
      : `${quoteText(source)}: ${where} has no ${quoteText(baseName(path))}`;
  const suggestion = similar === undefined ? undefined : joinPath(folder, similar as ImagePath);
  const help =
    suggestion === undefined
      ? 'paths are relative to the context; build the file first, or correct the path'
      : `did you mean ${quoteText(suggestion)}?`;
  return { code: 'source/missing', message, help };
}

/** So many names of a folder are compared with the one that is missing. */
const mostCandidates = 2000;

function namesOrNone(context: string, folder: ImagePath): string[] {
  try {
    return namesIn(systemPath(context, folder)).sort(comparePaths).slice(0, mostCandidates);
  } catch {
    return [];
  }
}

function unreadable(path: ImagePath, error: unknown): SourceProblem {
  return { code: 'source/unreadable', message: `reading ${escapeText(path)}: ${systemWords(error)}` };
}

function leaves(source: string, how: string): SourceProblem {
  return {
    code: 'source/leaves-context',
    message: `${quoteText(source)} ${how}`,
    help: 'sources are relative to the context and stay in it; `context:` names another folder for it',
  };
}

function loops(source: string): SourceProblem {
  return {
    code: 'source/link-loop',
    message: `the links on the way to ${quoteText(source)} do not end`,
    help: 'name the file or folder itself',
  };
}

function absolute(
  context: string,
  found: { readonly source: string; readonly link: ImagePath; readonly target: string },
): SourceProblem {
  const { source, link, target } = found;
  if (!isInside(context, target)) {
    return leaves(source, `leads out of the context: ${quoteText(link)} is a link to ${quoteText(target)}`);
  }
  return absoluteLink(link, target);
}

/** A link to an absolute path inside the context: it would be right on this computer only. */
export function absoluteLink(link: ImagePath, target: string): SourceProblem {
  return {
    code: 'source/absolute-link',
    message: `${quoteText(link)} is a link to the absolute path ${quoteText(target)}, which is in the context`,
    help: 'make it a relative link',
  };
}

/** Whether an absolute path, taken as text, is the folder or below it. */
export function isInside(folder: string, path: string): boolean {
  const clean = `/${cleanParts(path).join('/')}`;
  return clean === folder || clean.startsWith(folder === '/' ? '/' : `${folder}/`);
}
