/**
 * Patterns over familiar references (github.com/distribution/reference, helpers.go FamiliarMatch), with the syntax of
 * Go's path.Match: `*` and `?` do not cross a slash, `[a-z]` and `[^a-z]` are classes, a backslash takes the next
 * character as it is. Here `**` means no more than `*`.
 */
import { familiarName, familiarReference } from './normalize-reference.ts';
import type { Reference } from './reference.ts';

/** Whether the pattern fits the familiar form with its tag and digest, or the name alone. A broken pattern fits nothing. */
export function matchesReference(pattern: string, reference: Reference): boolean {
  const expression = patternExpression(pattern);
  if (expression === undefined) return false;
  return expression.test(familiarReference(reference)) || expression.test(familiarName(reference));
}

const maxPatternLength = 1024;
const token = /\*+|\?|\[\^?(?:\\.|[^\\\]])+\]|\\.|[^*?[\\]/gsu;

/** The pattern as an expression over a whole text; undefined where it is malformed. */
function patternExpression(pattern: string): RegExp | undefined {
  if (pattern.length > maxPatternLength) return undefined;
  const tokens = pattern.match(token) ?? [];
  if (tokens.join('') !== pattern) return undefined;
  try {
    return new RegExp(`^${tokens.map(expressionOf).join('')}$`, 'su');
  } catch {
    return undefined; // a class such as [z-a]
  }
}

function expressionOf(part: string): string {
  if (part.startsWith('*')) return '[^/]*';
  if (part === '?') return '[^/]';
  if (part.startsWith('[')) return classExpression(part);
  return literal(part.startsWith('\\') ? part.slice(1) : part);
}

function classExpression(part: string): string {
  const negated = part.startsWith('[^');
  const body = part.slice(negated ? 2 : 1, -1);
  const members = body.replace(/\\(.)|([[^])/gsu, (_, escaped?: string, plain?: string) =>
    literal(escaped ?? plain ?? ''),
  );
  return `[${negated ? '^' : ''}${members}]`;
}

function literal(character: string): string {
  return /[\^$\\.*+?()[\]{}|/-]/u.test(character) ? `\\${character}` : character;
}
