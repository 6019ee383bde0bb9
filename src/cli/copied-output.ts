/** Tells of a file that a command has written where the recipe copies it from: the next image has it too. */
import { resolve } from 'node:path';
import type { Diagnostic } from '../core/diagnostic/diagnostic.ts';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import type { RecipePlan } from '../build.ts';

/** `file` is absolute. Undefined for a file that the plan did not read. */
export function copiedOutput(
  file: string,
  { portable, contextFolder }: Pick<RecipePlan, 'portable' | 'contextFolder'>,
): Diagnostic | undefined {
  const sources = Object.values(portable.trees).flatMap(({ contents }) => Object.values(contents));
  const isCopied = sources.some((one) => one.in === 'context' && resolve(contextFolder, one.path) === file);
  if (!isCopied) return undefined;
  return {
    code: 'command/output-in-image',
    severity: 'warning',
    message: `${escapeText(file)} is a part of the image that it reports on`,
    help: 'write it elsewhere with -o, or list it in .dockerignore',
  };
}
