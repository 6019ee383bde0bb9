/** What is wrong with a call of the command, or with something that only a command does. */
import { Failure } from '../core/diagnostic/failure.ts';

export class CommandError extends Failure {}
