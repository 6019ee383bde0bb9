/**
 * .dockerignore files by Docker's rules, which are not git's: patterns are rooted at the context, the last line that
 * matches a path or a folder above it decides, and `!` makes an exception
 * (github.com/moby/patternmatcher, ignorefile.ReadAll and PatternMatcher.MatchesOrParentMatches).
 */
import { compilePattern, type PathPattern } from './ignore-pattern.ts';
import { type ImagePath, parentPath } from './image-path.ts';

export interface IgnoreLine {
  /** Counts from 1. */
  readonly line: number;
  /** As it stands in the file, without the space around it. */
  readonly text: string;
  /** Cleaned, relative to the context's root, with its `!`. */
  readonly pattern: string;
}

export interface IgnoreMatcher {
  /** The line that hides a path of the context; undefined where it is not hidden. */
  hiddenBy(path: ImagePath): IgnoreLine | undefined;
  /** Whether an exception may show something below a folder that is hidden, so that it has to be walked. */
  mayShowBelow(folder: ImagePath): boolean;
}

export interface IgnoreProblem {
  readonly line: IgnoreLine;
  readonly reason: 'lone-exclamation-mark' | 'bad-pattern';
}

export type IgnoreMatcherResult =
  | { readonly ok: true; readonly matcher: IgnoreMatcher }
  | { readonly ok: false; readonly problems: readonly IgnoreProblem[] };

/** The lines that hold a pattern, in order. Never fails; createIgnoreMatcher says which lines are malformed. */
export function parseIgnoreFile(text: string): IgnoreLine[] {
  const lines: IgnoreLine[] = [];
  const withoutMark = text.startsWith('\ufeff') ? text.slice(1) : text;
  withoutMark.split('\n').forEach((line, index) => {
    const trimmed = line.trim();
    // Only a `#` in the first column starts a comment.
    if (line.startsWith('#') || trimmed === '') return;
    lines.push({ line: index + 1, text: trimmed, pattern: normalise(trimmed) });
  });
  return lines;
}

function normalise(text: string): string {
  const exception = text.startsWith('!');
  const pattern = exception ? text.slice(1).trim() : text;
  if (pattern === '') return '!';
  const cleaned = cleanPattern(pattern);
  return `${exception ? '!' : ''}${cleaned.length > 1 && cleaned.startsWith('/') ? cleaned.slice(1) : cleaned}`;
}

/** As Go's filepath.Clean: no doubled or trailing slash, no `.`, and `..` taken together with what stands before it. */
export function cleanPattern(pattern: string): string {
  const rooted = pattern.startsWith('/');
  const parts: string[] = [];
  for (const part of pattern.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!rooted) parts.push(part);
  }
  const joined = parts.join('/');
  if (rooted) return `/${joined}`;
  return joined === '' ? '.' : joined;
}

interface Rule {
  readonly line: IgnoreLine;
  readonly exception: boolean;
  readonly text: string;
  readonly pattern: PathPattern;
}

/** A matcher over lines of parseIgnoreFile, or every line that is malformed. */
export function createIgnoreMatcher(lines: readonly IgnoreLine[]): IgnoreMatcherResult {
  const rules: Rule[] = [];
  const problems: IgnoreProblem[] = [];
  for (const line of lines) {
    const exception = line.pattern.startsWith('!');
    const text = exception ? line.pattern.slice(1) : line.pattern;
    const pattern = text === '' ? undefined : compilePattern(text);
    if (pattern !== undefined) rules.push({ line, exception, text, pattern });
    else problems.push({ line, reason: text === '' ? 'lone-exclamation-mark' : 'bad-pattern' });
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, matcher: matcherOf(rules) };
}

function matcherOf(rules: readonly Rule[]): IgnoreMatcher {
  const folders = new Map<string, Uint8Array>();
  const exceptions = rules.filter((rule) => rule.exception).map((rule) => rule.text.split('/'));
  return {
    hiddenBy: (path) => lastDecision(rules, matchesAbove(rules, parentPath(path), folders), path),
    mayShowBelow: (folder) => exceptions.some((parts) => mayMatchBelow(parts, folder)),
  };
}

function lastDecision(rules: readonly Rule[], above: Uint8Array, path: string): IgnoreLine | undefined {
  let hiddenBy: IgnoreLine | undefined;
  rules.forEach((rule, index) => {
    // A line that would change nothing need not be tried.
    if (rule.exception !== (hiddenBy !== undefined)) return;
    if (above[index] !== 1 && !rule.pattern.matches(path)) return;
    hiddenBy = rule.exception ? undefined : rule.line;
  });
  return hiddenBy;
}

/** For each rule, whether it matches the folder or one above it; remembered, since a folder's entries all ask. */
function matchesAbove(rules: readonly Rule[], folder: ImagePath, known: Map<string, Uint8Array>): Uint8Array {
  const remembered = known.get(folder);
  if (remembered !== undefined) return remembered;
  const matches = new Uint8Array(rules.length);
  if (folder !== '') {
    matches.set(matchesAbove(rules, parentPath(folder), known));
    rules.forEach((rule, index) => {
      if (matches[index] === 0 && rule.pattern.matches(folder)) matches[index] = 1;
    });
  }
  known.set(folder, matches);
  return matches;
}

/** Whether a pattern of these components could match something below the folder. Errs to yes. */
function mayMatchBelow(parts: readonly string[], folder: ImagePath): boolean {
  const names = folder === '' ? [] : folder.split('/');
  for (const [index, name] of names.entries()) {
    const part = parts[index];
    // Behind `**` anything may follow, and a class may match a slash.
    if (part === undefined || part.includes('**') || part.includes('[')) return true;
    if (compilePattern(part)?.matches(name) === false) return false;
  }
  return true;
}
