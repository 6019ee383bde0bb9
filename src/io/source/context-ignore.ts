/** The context's .dockerignore, read once for all sources. */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import {
  createIgnoreMatcher,
  type IgnoreLine,
  type IgnoreMatcher,
  parseIgnoreFile,
} from '../../core/tree/ignore-file.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import { isAbsent } from '../store/file-problem.ts';
import { readSmallFile } from './digest-file.ts';
import type { FolderGate } from './folder-gate.ts';
import type { Problems, SourceProblem } from './problem-collector.ts';
import { SourceError } from './source-error.ts';

export const ignoreFileName = '.dockerignore' as ImagePath;
const mostBytes = 1 << 20;

export interface ContextIgnore {
  /** Undefined where there is nothing to ignore; problems of the file are told to the one who asks. */
  matcher(problems: Problems): IgnoreMatcher | undefined;
  /** The file's text; undefined where it is not there or cannot be read. */
  text(): string | undefined;
}

export function createContextIgnore(gate: FolderGate): ContextIgnore {
  let known: ReadIgnore | undefined;
  const read = (): ReadIgnore => (known ??= readIgnore(gate));
  return {
    matcher: (problems) => {
      for (const problem of read().problems) problems.error(problem);
      return read().matcher;
    },
    text: () => read().text,
  };
}

interface ReadIgnore {
  readonly text?: string;
  readonly matcher?: IgnoreMatcher;
  readonly problems: readonly SourceProblem[];
}

function readIgnore(gate: FolderGate): ReadIgnore {
  const text = textOrProblem(gate);
  if (text === undefined) return { problems: [] };
  if (typeof text !== 'string') return { problems: [text] };
  const result = createIgnoreMatcher(parseIgnoreFile(text));
  if (result.ok) return { text, matcher: result.matcher, problems: [] };
  return { text, problems: result.problems.map(({ line, reason }) => badLine(line, reason)) };
}

function textOrProblem(gate: FolderGate): string | SourceProblem | undefined {
  try {
    return readSmallFile(gate, ignoreFileName, mostBytes).toString('utf8');
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    if (isAbsent(error.cause)) return undefined;
    const why = error.code === 'source/changed' ? 'it is no regular file' : error.message;
    const help = 'make it a regular file, or write `ignore: false` to go without it';
    return { code: 'source/unreadable', message: `reading .dockerignore: ${why}`, help };
  }
}

function badLine(line: IgnoreLine, reason: 'lone-exclamation-mark' | 'bad-pattern'): SourceProblem {
  const words = reason === 'bad-pattern' ? 'is no pattern' : 'has nothing behind its exclamation mark';
  return {
    code: 'source/ignore-pattern',
    message: `.dockerignore:${String(line.line)}: ${quoteText(line.text)} ${words}`,
    help: 'a class needs its `]`, and a backslash something to stand before',
  };
}
