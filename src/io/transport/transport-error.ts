/** An image could not be read or delivered: every TransportError names the layout or archive, and says what was found. */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { Failure } from '../../core/diagnostic/failure.ts';
import { cureFor, fileProblemOf, systemWords } from '../store/file-problem.ts';

export class TransportError extends Failure {}

/** What the system said while `path` was being worked on; failures that were told already pass as they are. */
export function transportErrorOf(error: unknown, doing: string, path: string): Error {
  if (error instanceof Failure) return error;
  // An abort, or a bug: neither is the disk's fault.
  if (error instanceof Error && !('errno' in error)) return error;
  const message = `${doing} ${escapeText(path)} failed: ${systemWords(error)}`;
  return new TransportError(`transport/${fileProblemOf(error)}`, message, {
    help: cureFor(error),
    cause: error,
  });
}
