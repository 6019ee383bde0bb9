/**
 * What the checks of an image share. They look at every value that is known: when a recipe is parsed those without
 * substitutions, and again all of them when the substitutions are done.
 */
import { quoteText } from '../../diagnostic/escape-text.ts';
import type { Problem } from '../problem-list.ts';
import type { Report } from '../reporter.ts';

export interface Check {
  readonly report: Report;
  /** Whether the text is what it will be. */
  readonly isKnown: (text: string) => boolean;
}

/** A name that is a value: not empty, on one line. */
export function checkName(check: Check, at: string, name: Name): void {
  const message = check.isKnown(name.text) ? nameProblem(name) : undefined;
  if (message !== undefined) check.report(at, badName(message));
}

/** A name that is a key. */
export function checkKey(check: Check, at: string, name: Name): void {
  const message = nameProblem(name);
  if (message !== undefined) check.report(at, badName(message), 'key');
}

export interface Name {
  readonly text: string;
  /** What it names, for the message: `label`. */
  readonly what: string;
}

function nameProblem({ text, what }: Name): string | undefined {
  if (text === '') return `the ${what} is empty`;
  if (text.length > 4096) return `the ${what} has ${text.length} characters`;
  return /\p{Cc}/u.test(text) ? `the ${what} ${quoteText(text)} holds a control character` : undefined;
}

function badName(message: string): Problem {
  return { code: 'recipe/bad-name', message, help: 'write a short text of printable characters' };
}

/** C strings end at NUL, so nothing that reaches a kernel may hold one. */
export function checkNoNul(check: Check, at: string, text: string): void {
  if (!text.includes('\0')) return;
  check.report(at, {
    code: 'recipe/control-character',
    message: `${quoteText(text, 40)} holds a NUL, which ends it for the kernel`,
    help: 'remove it',
  });
}

/** The names of environment variables (POSIX, Base Definitions, 8.1). */
export function checkVariables(
  check: Check,
  pointer: (name: string) => string,
  variables: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(variables)) {
    const at = pointer(name);
    if (name.includes('=')) {
      const message = `the variable ${quoteText(name)} holds an equals sign`;
      check.report(at, { code: 'recipe/bad-name', message, help: 'write NAME: VALUE' }, 'key');
    } else checkKey(check, at, { text: name, what: 'name of a variable' });
    checkNoNul(check, at, value);
  }
}

/** `user:` and `owner:`: UID, UID:GID, or names; `most` is the greatest number. */
export function checkAccount(
  check: Check,
  at: string,
  { text, most }: { readonly text: string; readonly most: number },
): void {
  if (!check.isKnown(text)) return;
  const parts = text.split(':');
  if (parts.length <= 2 && parts.every((part) => isAccount(part, most))) return;
  check.report(at, {
    code: 'recipe/bad-owner',
    message: `${quoteText(text)} is no user`,
    help: `write UID, UID:GID (numbers up to ${String(most)}), or names such as app:app`,
  });
}

function isAccount(part: string, most: number): boolean {
  if (/^\d+$/.test(part)) return part.length <= 10 && Number(part) <= most;
  return part.length <= 64 && /^[A-Za-z_][\w.-]*\$?$/.test(part);
}
