/**
 * How the golden text of a code is made. Each area has a file in cases/ that exports a list of these; the test prints
 * each and holds it against golden/AREA/WHAT.txt. To add a code: a case here, `npx vitest run test/diagnostics`, and a
 * look at the new file. A code in the catalogue without a case fails the test.
 */
import type { DiagnosticCode } from '../../src/core/diagnostic/catalogue.ts';
import type { Diagnostic } from '../../src/core/diagnostic/diagnostic.ts';
import { diagnosticOf, DiagnosticsError, Failure } from '../../src/core/diagnostic/failure.ts';
import { formatDiagnostics } from '../../src/core/diagnostic/format-diagnostic.ts';
import type { SourceText } from '../../src/core/diagnostic/source-text.ts';

export interface Made {
  readonly diagnostics: readonly Diagnostic[];
  /** The text that places point into, where there is one. */
  readonly source?: SourceText;
}

export interface DiagnosticCase {
  readonly code: DiagnosticCode;
  /** Runs the real code on the real mistake. May throw the Failure or DiagnosticsError instead of returning. */
  readonly make: () => Made | Promise<Made>;
  /** Replaces what differs from run to run, such as the path of a temporary folder. */
  readonly scrub?: (text: string) => string;
}

/** The whole printed text of the case's own code; other diagnostics of the same run are left out. */
export async function printCase({ code, make, scrub = (text) => text }: DiagnosticCase): Promise<string> {
  const { diagnostics, source } = await outcomeOf(make);
  const own = diagnostics.filter((diagnostic) => diagnostic.code === code);
  return `${scrub(formatDiagnostics(own, source))}\n`;
}

/** What a case makes, thrown or returned. */
export async function outcomeOf(make: DiagnosticCase['make']): Promise<Made> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof Failure) return { diagnostics: [diagnosticOf(error)] };
    if (error instanceof DiagnosticsError) return { diagnostics: error.diagnostics };
    throw error;
  }
}
