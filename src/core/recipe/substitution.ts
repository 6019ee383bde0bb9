/**
 * Substitutions, all done when the plan is made: `${{ args.NAME }}`, `${{ platform.os|arch|variant }}` and
 * `${{ image.name }}`. `$${{` stands for the text `${{`. A value that is put in is not looked at again.
 */
import { quoteText } from '../diagnostic/escape-text.ts';
import { suggestion, suggestionAnd } from '../diagnostic/suggest.ts';
import type { Problem } from './problem-list.ts';

export interface Substitution {
  /** UTF-16 offsets of `${{ … }}` in the text; `end` is the text's where it is not closed. */
  readonly start: number;
  readonly end: number;
  /** What stands between the braces, without blanks around it; undefined where they are not closed. */
  readonly expression: string | undefined;
}

export function findSubstitutions(text: string): Substitution[] {
  const found: Substitution[] = [];
  let start = text.indexOf('${{');
  while (start >= 0) {
    const close = text.indexOf('}}', start);
    const end = close < 0 ? text.length : close + 2;
    if (text[start - 1] === '$') {
      start = text.indexOf('${{', start + 3);
      continue;
    }
    found.push({ start, end, expression: close < 0 ? undefined : text.slice(start + 3, close).trim() });
    start = text.indexOf('${{', end);
  }
  return found;
}

/** What is wrong with a substitution, where only these arguments are declared. */
export function substitutionProblem(
  { expression }: Substitution,
  args: readonly string[],
): Problem | undefined {
  if (expression === undefined) {
    return {
      code: 'recipe/bad-substitution',
      message: 'this substitution is not closed',
      help: 'close it with `}}`, or write `$${{` for the text itself',
    };
  }
  if (expression.startsWith('args.')) return argumentProblem(expression.slice('args.'.length), args);
  if (otherExpressions.includes(expression)) return undefined;
  return {
    code: 'recipe/bad-substitution',
    message: `${quoteText(expression)} is nothing that can be substituted`,
    help: suggestionAnd(
      suggestion(expression, [...args.map((name) => `args.${name}`), ...otherExpressions]),
      '`$${{` is the text itself',
    ),
  };
}

const otherExpressions = ['platform.os', 'platform.arch', 'platform.variant', 'image.name'];

function argumentProblem(name: string, args: readonly string[]): Problem | undefined {
  if (args.includes(name)) return undefined;
  return {
    code: 'recipe/undeclared-argument',
    message: `the argument ${quoteText(name)} is not declared`,
    help: suggestion(name, args) ?? 'declare it below `args:`',
  };
}

/** The text with every substitution done. Expressions have been checked; one without a value stays as it is. */
export function substitute(text: string, values: ReadonlyMap<string, string>): string {
  if (!text.includes('${{')) return text;
  let result = '';
  let at = 0;
  for (const { start, end, expression } of findSubstitutions(text)) {
    result += unescape(text.slice(at, start)) + (values.get(expression ?? '') ?? text.slice(start, end));
    at = end;
  }
  return result + unescape(text.slice(at));
}

function unescape(text: string): string {
  return text.replaceAll('$${{', '${{');
}
