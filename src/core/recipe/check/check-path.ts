/**
 * Paths as words: nothing is looked up. A path in the image has no `..` and is not where runtimes mount; a local path
 * stays in the context. What links do is decided where sources are read.
 */
import { quoteText } from '../../diagnostic/escape-text.ts';
import { type ImagePath, parseImagePath } from '../../tree/image-path.ts';
import type { Problem } from '../problem-list.ts';
import type { Check } from './check.ts';

/** A path in the image that a layer writes to. */
export function checkDestination(
  check: Check,
  at: string,
  path: { readonly text: string; readonly workdir: string | undefined },
): void {
  const { text, workdir } = path;
  if (!check.isKnown(text) || !checkImagePath(check, at, text)) return;
  const whole = text.startsWith('/') ? text : `${workdir ?? ''}/${text}`;
  if (!check.isKnown(whole)) return;
  const parsed = parseImagePath(whole);
  // A relative path without a known folder may stand anywhere; the planner looks at it again.
  const isAnchored = text.startsWith('/') || workdir?.startsWith('/') === true;
  const problem = parsed.ok && isAnchored ? reservedPathProblem(text, parsed.path) : undefined;
  if (problem !== undefined) check.report(at, problem);
}

type CuredProblem = Pick<Problem, 'code' | 'message'> & { readonly help: string };

/** What is wrong with writing to a path of the image that is not the image's own; `text` is how it was written. */
export function reservedPathProblem(text: string, path: ImagePath): CuredProblem | undefined {
  const [top = ''] = path.split('/');
  if (!['proc', 'sys', 'dev'].includes(top)) return undefined;
  return {
    code: 'recipe/reserved-path',
    message: `${quoteText(text)} is in /${top}, which runtimes mount over`,
    help: 'choose another path, or use `runtime.mounts` for what a container needs there',
  };
}

/** A path that names a file, folder or link itself, so not the root and not the working folder. */
export function checkNamedPath(
  check: Check,
  at: string,
  path: { readonly text: string; readonly workdir: string | undefined },
): void {
  const { text } = path;
  const parsed = parseImagePath(text);
  if (check.isKnown(text) && parsed.ok && parsed.path === '') reportOutside(check, at, text);
  else checkDestination(check, at, path);
}

/** Whether the text is a path in the image: no `..`, no NUL, not endless. */
export function checkImagePath(check: Check, at: string, text: string): boolean {
  if (!check.isKnown(text)) return false;
  if (text !== '' && parseImagePath(text).ok) return true;
  reportOutside(check, at, text);
  return false;
}

/** A path of a container: absolute. */
export function checkAbsolutePath(check: Check, at: string, text: string): void {
  if (!checkImagePath(check, at, text) || text.startsWith('/')) return;
  check.report(at, {
    code: 'recipe/path-outside-image',
    message: `${quoteText(text)} is not absolute`,
    help: 'begin it with a slash',
  });
}

function reportOutside(check: Check, at: string, text: string): void {
  check.report(at, {
    code: 'recipe/path-outside-image',
    message: text === '' ? 'the path is empty' : `${quoteText(text)} names nothing below the image’s root`,
    help: 'write a path below `/` without `..`',
  });
}

/** A file or folder of this computer: relative to the context, and in it. */
export function checkLocalPath(check: Check, at: string, text: string): void {
  if (!check.isKnown(text)) return;
  const problem = localProblem(text);
  if (problem === undefined) return;
  check.report(at, {
    code: 'recipe/outside-context',
    message: text === '' ? 'the path is empty' : `${quoteText(text)} ${problem}`,
    help: 'local paths are relative to the recipe’s folder; `context:` can name another',
  });
}

function localProblem(text: string): string | undefined {
  if (text === '') return 'is empty';
  if (text.includes('\0') || text.length > 4096) return 'is no path';
  if (text.startsWith('/')) return 'is absolute';
  let depth = 0;
  for (const component of text.split('/')) {
    if (component === '..') depth -= 1;
    else if (component !== '' && component !== '.') depth += 1;
    if (depth < 0) return 'leaves the context';
  }
  return undefined;
}
