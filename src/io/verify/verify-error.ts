/** An image or a bundle is not what it says of itself, or not what building it again gives. */
import { Failure } from '../../core/diagnostic/failure.ts';

export class VerifyError extends Failure {}
