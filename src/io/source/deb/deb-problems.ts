/** What is wrong with a set of packages, in words. */
import { clashMessage, type FileClash } from '../../../core/deb/merge-packages.ts';
import type { Diagnostic } from '../../../core/diagnostic/diagnostic.ts';
import { escapeText } from '../../../core/diagnostic/escape-text.ts';
import type { SourceProblem } from '../problem-collector.ts';

export function clashProblem(clash: FileClash): Diagnostic {
  return {
    code: 'deb/file-clash',
    severity: 'error',
    message: clashMessage(clash),
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
