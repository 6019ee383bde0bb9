/** What goes wrong while an image is unpacked or run; codes `bundle/…`. */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { Failure } from '../../core/diagnostic/failure.ts';
import { cureFor, errorCode, systemWords } from '../store/file-problem.ts';

export class BundleError extends Failure {}

/** An entry that is refused: `path` as the layer says it (not escaped), and what is wrong with it. */
export function refusedEntry(path: string, found: string): BundleError {
  return new BundleError('bundle/refused-entry', `entry ${quoteText(path)}: ${found}`, {
    help: 'the image is damaged or hostile; nothing of it was kept',
  });
}

/** A failed system call as a BundleError that says what was being done; other errors come back as they are. */
export function worldFailure(error: unknown, doing: string): unknown {
  const code = errorCode(error);
  if (code === undefined || error instanceof Failure || code.startsWith('ERR_')) return error;
  return new BundleError('bundle/write-failed', `${doing} failed: ${systemWords(error)}`, {
    help: cureFor(error),
    cause: error,
  });
}
