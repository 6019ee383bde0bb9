/** A source could not be read, for a reason that is not in the recipe: each SourceError names the path and what was found. */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { Failure } from '../../core/diagnostic/failure.ts';
import { cureFor, errorCode, systemWords } from '../store/file-problem.ts';

export class SourceError extends Failure {}

/** `path` changed under our hands; `how` ends the sentence: `grew while it was read`. */
export function sourceChanged(path: string, how: string, cause?: unknown): SourceError {
  return new SourceError('source/changed', `${escapeText(path)} ${how}`, {
    help: 'let the program that writes it finish, and build again',
    cause,
  });
}

/** What the system said of `path`; a path that is gone, or no longer what it was, has changed. */
export function sourceErrorOf(error: unknown, doing: string, path: string): SourceError {
  if (error instanceof SourceError) return error;
  const code = errorCode(error) ?? '';
  if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'ESTALE'].includes(code)) {
    return sourceChanged(path, `changed while it was read: ${systemWords(error)}`, error);
  }
  return new SourceError('source/unreadable', `${doing} ${escapeText(path)} failed: ${systemWords(error)}`, {
    help: cureFor(error),
    cause: error,
  });
}
