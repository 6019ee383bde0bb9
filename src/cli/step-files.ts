/** The files through which a step of GitHub Actions says more than its log: outputs, and a summary. */
import { appendFileSync } from 'node:fs';
import type { Diagnostic } from '../core/diagnostic/diagnostic.ts';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import { digestOf, encodedOf } from '../core/digest/digest.ts';
import { systemWords } from '../io/store/file-problem.ts';
import type { Surroundings } from './surroundings.ts';

export type StepFile = 'GITHUB_OUTPUT' | 'GITHUB_STEP_SUMMARY';

/** Adds text to the file that the variable names. What cannot be written is a warning: the image stands. */
export function appendToStep(
  file: StepFile,
  text: string,
  { env, show }: { readonly env: Surroundings['env']; readonly show: (warning: Diagnostic) => void },
): void {
  const path = env[file];
  if (path === undefined || path === '') {
    show(notWritten(file, 'is not set'));
    return;
  }
  try {
    appendFileSync(path, text);
  } catch (error) {
    show(notWritten(file, `names ${escapeText(path)}, which cannot be written: ${systemWords(error)}`));
  }
}

function notWritten(file: StepFile, problem: string): Diagnostic {
  return {
    code: 'command/step-file',
    severity: 'warning',
    message: `${file} ${problem}`,
    help: 'the step has no outputs or summary of this build; unset GITHUB_ACTIONS where this is no step of a workflow',
  };
}

/** Outputs as the file takes them. A value may have several lines, and none of them can be the end of another. */
export function outputsText(outputs: Readonly<Record<string, string>>): string {
  return Object.entries(outputs)
    .map(([name, value]) => {
      // No text holds its own digest.
      const end = `end-${encodedOf(digestOf(new TextEncoder().encode(value)))}`;
      return `${name}<<${end}\n${value}\n${end}\n`;
    })
    .join('');
}
