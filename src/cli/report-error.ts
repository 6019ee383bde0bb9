/** How an error that ended a command is said, and the exit code that goes with it. */
import { catalogueEntry, exitCodeOf } from '../core/diagnostic/catalogue.ts';
import type { Diagnostic } from '../core/diagnostic/diagnostic.ts';
import { type ExitCode, exitCodes } from '../core/diagnostic/exit-code.ts';
import { diagnosticOf, DiagnosticsError, Failure } from '../core/diagnostic/failure.ts';
import { formatDiagnostic } from '../core/diagnostic/format-diagnostic.ts';
import type { SourceText } from '../core/diagnostic/source-text.ts';
import type { OutputStream } from './surroundings.ts';

export interface ReportOptions {
  readonly stderr: Pick<OutputStream, 'write'>;
  readonly asJson: boolean;
  readonly color: boolean;
  /** The text that a place points into, where it is known. */
  readonly sourceOf: (file: string) => SourceText | undefined;
}

/** Says on stderr what is wrong and gives the exit code. A stack is shown for a bug of ours, and for nothing else. */
export function reportError(error: unknown, options: ReportOptions): ExitCode {
  if (error instanceof Failure) return reportDiagnostics([diagnosticOf(error)], options);
  if (error instanceof DiagnosticsError) return reportDiagnostics(error.diagnostics, options);
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  options.stderr.write(`layerwright has a bug; please report this:\n${text}\n`);
  return exitCodes.bug;
}

function reportDiagnostics(diagnostics: readonly Diagnostic[], options: ReportOptions): ExitCode {
  const { stderr, color } = options;
  if (options.asJson) {
    stderr.write(
      `${JSON.stringify({ diagnostics: diagnostics.map((diagnostic) => diagnosticJson(diagnostic)) })}\n`,
    );
  } else {
    const texts = diagnostics.map((diagnostic) =>
      formatDiagnostic(diagnostic, sourceFor(diagnostic, options), { color }),
    );
    stderr.write(`${texts.join('\n\n')}\n`);
  }
  const error = diagnostics.find((diagnostic) => diagnostic.severity === 'error');
  return error === undefined ? exitCodes.failed : exitCodeOf(error.code);
}

function sourceFor({ place }: Diagnostic, { sourceOf }: ReportOptions): SourceText | undefined {
  return place === undefined ? undefined : sourceOf(place.file);
}

function diagnosticJson(diagnostic: Diagnostic): unknown {
  const { code, severity, message, place, help, related } = diagnostic;
  const exitCode = severity === 'error' ? exitCodeOf(code) : undefined;
  const retryable = catalogueEntry(code).retryable ?? false;
  return { code, severity, message, exitCode, place, related, help, retryable };
}
