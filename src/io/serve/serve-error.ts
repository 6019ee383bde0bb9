/** The server could not start: every ServeError names the folder, address or file, and says what was found. */
import { Failure } from '../../core/diagnostic/failure.ts';

export class ServeError extends Failure {}
