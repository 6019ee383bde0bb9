/** What is wrong with a project of npm, without its place in the recipe. */
import type { DiagnosticCode } from '../diagnostic/catalogue.ts';

export interface NpmProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly help: string;
}
