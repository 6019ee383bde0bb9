/** What the YAML parser finds, in our words. Only the first few are said: one slip in the syntax causes many more. */
import type { YAMLError } from 'yaml';
import { escapeText } from '../diagnostic/escape-text.ts';
import type { Problem, ProblemList } from './problem-list.ts';

const mostErrors = 5;

const cures: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT: 'align it with its siblings, with spaces',
  MISSING_CHAR: 'close the quote or bracket that is open here, or add what is missing',
  MULTIPLE_DOCS: 'keep one document in a file; several images go below `images:`',
  BAD_SCALAR_START: 'put quotes around the text',
  BLOCK_AS_IMPLICIT_KEY: 'put quotes around a text that holds `: `',
  BAD_DQ_ESCAPE: 'use single quotes, or double the backslash',
};

/** Whether there was none. */
export function reportYamlErrors(errors: readonly YAMLError[], problems: ProblemList): boolean {
  for (const error of errors.slice(0, mostErrors)) {
    const [start, end] = error.pos;
    problems.add({ start, end: Math.max(end, start + 1) }, problemOf(error));
  }
  return errors.length === 0;
}

function problemOf(error: YAMLError): Problem {
  const message =
    error.code === 'MULTIPLE_DOCS' ? 'the file holds more than one document' : sentence(error.message);
  return { code: 'recipe/syntax', message, help: cures[error.code] };
}

function sentence(message: string): string {
  const [first = ''] = message.split('\n');
  return escapeText(first.charAt(0).toLowerCase() + first.slice(1)).slice(0, 200);
}
