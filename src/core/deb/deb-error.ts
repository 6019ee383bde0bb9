/** Files of a Debian archive that break their own format: the failures of core/deb and of what reads it from the world. */
import { Failure } from '../diagnostic/failure.ts';

export class DebError extends Failure {}

/** The refusal of a file that is not written as its format says; `what` names the file, `found` is a verb phrase. */
export function malformed(what: string, found: string): DebError {
  return new DebError('deb/malformed', `${what} ${found}`, {
    help: 'fetch it again; when it stays so, ask who makes this archive',
  });
}
