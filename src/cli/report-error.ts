/** How an error that ended a command is said, and the exit code that goes with it. */
import { exitCodeOf } from '../core/diagnostic/catalogue.ts';
import type { Diagnostic } from '../core/diagnostic/diagnostic.ts';
import { type ExitCode, exitCodes } from '../core/diagnostic/exit-code.ts';
import { diagnosticOf, DiagnosticsError, Failure } from '../core/diagnostic/failure.ts';
import { catalogueEntry } from '../core/diagnostic/catalogue.ts';
import { formatDiagnostic } from '../core/diagnostic/format-diagnostic.ts';
import type { SourceText } from '../core/diagnostic/source-text.ts';
import type { Surroundings } from './surroundings.ts';

/** Says what is wrong on stderr and gives the exit code. A stack is shown for a bug of ours, and for nothing else. */
export function reportError(error: unknown, surroundings: Surroundings, asJson: boolean): number {
  if (error instanceof Failure) return reportDiagnostics([diagnosticOf(error)], surroundings, { asJson });
  if (error instanceof DiagnosticsError)
    return reportDiagnostics(error.diagnostics, surroundings, { asJson });
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  surroundings.stderr.write(`layerwright has a bug; please report this:\n${text}\n`);
  return exitCodes.bug;
}

export interface ReportOptions {
  readonly asJson: boolean;
  readonly source?: SourceText;
  readonly color?: boolean;
}

export function reportDiagnostics(
  diagnostics: readonly Diagnostic[],
  { stderr }: Pick<Surroundings, 'stderr'>,
  options: ReportOptions,
): ExitCode {
  if (options.asJson) {
    stderr.write(
      `${JSON.stringify({ diagnostics: diagnostics.map((diagnostic) => diagnosticJson(diagnostic)) })}\n`,
    );
  } else {
    const color = options.color ?? false;
    const texts = diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, options.source, { color }));
    stderr.write(`${texts.join('\n\n')}\n`);
  }
  return exitCodeOfAll(diagnostics);
}

/** The exit code of the first error. */
function exitCodeOfAll(diagnostics: readonly Diagnostic[]): ExitCode {
  const error = diagnostics.find((diagnostic) => diagnostic.severity === 'error');
  return error === undefined ? exitCodes.done : exitCodeOf(error.code);
}

function diagnosticJson(diagnostic: Diagnostic): unknown {
  const { code, severity, message, place, help, related } = diagnostic;
  const exitCode = severity === 'error' ? exitCodeOf(code) : undefined;
  return {
    code,
    severity,
    message,
    exitCode,
    place,
    related,
    help,
    retryable: catalogueEntry(code).retryable ?? false,
  };
}
