/** What one check of `verify` found: what is said of it on stdout, and what is wrong where something is. */
import type { Failure } from '../core/diagnostic/failure.ts';

export interface Checked {
  /** Without newlines at their ends. */
  readonly lines: readonly string[];
  /** Members of the JSON that stdout gets in place of the lines. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Ends the command once everything was said. */
  readonly failure?: Failure;
}
