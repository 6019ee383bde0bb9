/**
 * What the checks of an image share. They look at every value that is known: when a recipe is parsed those without
 * substitutions, and again all of them when the substitutions are done.
 */
import { escapeText, quoteText } from '../../diagnostic/escape-text.ts';
import type { Problem } from '../problem-list.ts';
import type { Report } from '../reporter.ts';

export interface Check {
  readonly report: Report;
  /** Whether the text is what it will be. */
  readonly isKnown: (text: string) => boolean;
}

export function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

/** Names that end in outputs and files: not empty, on one line. */
export function checkName(
  check: Check,
  at: string,
  name: { readonly text: string; readonly what: string },
): void {
  const { text, what } = name;
  if (!check.isKnown(text)) return;
  if (text === '') check.report(at, badName(`a ${what} is not empty`));
  else if (hasControl(text))
    check.report(at, badName(`the ${what} ${quoteText(text)} holds a control character`));
  else if (text.length > 4096)
    check.report(at, badName(`a ${what} of ${text.length} characters is too long`));
}

function badName(message: string): Problem {
  return { code: 'recipe/bad-name', message, help: 'write a name of printable characters' };
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
      check.report(at, { code: 'recipe/bad-name', message, help: 'write NAME: VALUE' });
    } else checkName(check, at, { text: name, what: 'variable' });
    checkNoNul(check, at, value);
  }
}

/** `user:` and `owner:`: UID, UID:GID, or names. */
export function checkAccount(check: Check, at: string, text: string): void {
  if (!check.isKnown(text)) return;
  const parts = text.split(':');
  if (parts.length <= 2 && parts.every(isAccount)) return;
  check.report(at, {
    code: 'recipe/bad-owner',
    message: `${quoteText(text)} is no user`,
    help: 'write UID, UID:GID (numbers up to 4294967295), or names such as app:app',
  });
}

function isAccount(part: string): boolean {
  if (/^\d+$/.test(part)) return part.length <= 10 && Number(part) <= 0xffff_ffff;
  return part.length <= 64 && /^[A-Za-z_][\w.-]*\$?$/.test(part);
}

export function shown(text: string): string {
  return escapeText(text).slice(0, 120);
}
