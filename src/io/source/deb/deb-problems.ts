/** What is wrong with a set of packages, in words. */
import type { FileClash } from '../../../core/deb/merge-packages.ts';
import type { Diagnostic } from '../../../core/diagnostic/diagnostic.ts';
import { escapeText, quoteText } from '../../../core/diagnostic/escape-text.ts';
import type { SourceProblem } from '../problem-collector.ts';

export function clashProblem({ path, packages: [first, second] }: FileClash): Diagnostic {
  const owners = first === second ? `${escapeText(first)} twice` : `${escapeText(first)} and ${escapeText(second)}`;
  return {
    code: 'deb/file-clash',
    severity: 'error',
    message: `${quoteText(`/${path}`)} is brought by ${owners}`,
    help: 'they do not go into one image together: leave one of them out',
  };
}

/** `names` are packages, at least one. */
export function scriptsProblem(names: readonly string[]): SourceProblem {
  return {
    code: 'deb/scripts-not-run',
    message: `maintainer scripts were not run: ${names.map((name) => escapeText(name)).join(', ')}`,
    help: 'look whether the image needs what they do, and add it with layers of its own',
  };
}
