/** What every failed exchange tells those who may try again, whoever was asked for what. */
import type { DiagnosticCode } from '../../core/diagnostic/catalogue.ts';
import { Failure } from '../../core/diagnostic/failure.ts';

export interface RetryFacts {
  /** `later`: the same request may succeed when tried again. */
  readonly again?: 'later' | 'never' | undefined;
  /** Milliseconds that the other side asked us to wait. */
  readonly retryAfter?: number | undefined;
}

export abstract class NetworkError extends Failure {
  abstract readonly facts: RetryFacts;
  /** The warning before each wait. */
  abstract readonly waitingCode: DiagnosticCode;

  /** The same error when nobody shall try again, knowing how often it was tried. */
  abstract after(attempts: number): NetworkError;
}
