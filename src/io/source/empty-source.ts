/** What is said of a copy of which nothing is left. */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import type { IgnoreLine } from '../../core/tree/ignore-file.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import type { SourceProblem } from './problem-collector.ts';

/** The first path that was hidden, and the line that hides it. */
export interface HiddenPath {
  readonly path: ImagePath;
  readonly line: IgnoreLine;
}

export function hiddenWholly(source: string, { path, line }: HiddenPath): SourceProblem {
  const where = `.dockerignore:${String(line.line)}`;
  return {
    code: 'source/ignored',
    message: `${quoteText(source)} is hidden wholly: ${where} (${quoteText(line.text)}) hides ${quoteText(path)}`,
    help: 'write `ignore: false` beside `copy`, or an exception with `!` in .dockerignore',
  };
}

export interface FilteredSource {
  readonly source: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly single: boolean;
}

export function nothingMatched({ source, include, exclude, single }: FilteredSource): SourceProblem {
  const lists = [include.length > 0 ? 'include' : '', exclude.length > 0 ? 'exclude' : ''];
  const verb = lists.includes('') ? 'leaves' : 'leave';
  const what = single ? 'the name of the file' : 'paths relative to the source';
  return {
    code: 'source/nothing-matched',
    message: `${lists.filter((list) => list !== '').join(' and ')} ${verb} nothing of ${quoteText(source)}`,
    help: `patterns are matched with ${what}; \`**/\` stands for any folders`,
  };
}
