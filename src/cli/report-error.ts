/** How an error that ended a command is said, and the exit code that goes with it. */
import { catalogueEntry, exitCodeOf } from '../core/diagnostic/catalogue.ts';
import type { Diagnostic } from '../core/diagnostic/diagnostic.ts';
import { type ExitCode, exitCodes } from '../core/diagnostic/exit-code.ts';
import { diagnosticOf, DiagnosticsError, Failure } from '../core/diagnostic/failure.ts';
import { formatDiagnostic } from '../core/diagnostic/format-diagnostic.ts';
import type { SourceText } from '../core/diagnostic/source-text.ts';
import { annotation } from '../io/render/annotation.ts';
import type { PlacedFiles } from '../io/render/create-renderer.ts';
import { withoutCommands } from '../io/render/workflow-command.ts';
import type { OutputStream } from './surroundings.ts';

/** `github` adds annotations to the text. */
export type ReportStyle = 'text' | 'json' | 'github';

export interface ReportOptions {
  readonly stderr: Pick<OutputStream, 'write' | 'isTty' | 'columns'>;
  readonly style: ReportStyle;
  readonly color: boolean;
  readonly files: PlacedFiles;
}

/** Says on stderr what is wrong and gives the exit code. A stack is shown for a bug of ours, and for nothing else. */
export function reportError(error: unknown, options: ReportOptions): ExitCode {
  if (error instanceof Failure) return reportDiagnostics([diagnosticOf(error)], options);
  if (error instanceof DiagnosticsError) return reportDiagnostics(error.diagnostics, options);
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  options.stderr.write(
    options.style === 'json'
      ? `${JSON.stringify({ bug: text })}\n`
      : `layerwright has a bug; please report this:\n${text}\n`,
  );
  return exitCodes.bug;
}

function reportDiagnostics(diagnostics: readonly Diagnostic[], options: ReportOptions): ExitCode {
  options.stderr.write(reportText(diagnostics, options));
  const error = diagnostics.find((diagnostic) => diagnostic.severity === 'error');
  return error === undefined ? exitCodes.failed : exitCodeOf(error.code);
}

function reportText(diagnostics: readonly Diagnostic[], options: ReportOptions): string {
  const { stderr, color, style, files } = options;
  if (style === 'json') return `${JSON.stringify({ diagnostics: diagnostics.map(diagnosticJson) })}\n`;
  const width = stderr.isTty ? { columns: stderr.columns } : {};
  const texts = diagnostics.map((diagnostic) =>
    formatDiagnostic(diagnostic, sourceFor(diagnostic, files), { color, ...width }),
  );
  const text = `${texts.join('\n\n')}\n`;
  if (style === 'text') return text;
  const annotations = diagnostics.map((diagnostic) => annotation(diagnostic, files.pathOf));
  return withoutCommands(text) + annotations.join('');
}

function sourceFor({ place }: Diagnostic, { sourceOf }: PlacedFiles): SourceText | undefined {
  return place === undefined ? undefined : sourceOf(place.file);
}

function diagnosticJson(diagnostic: Diagnostic): unknown {
  const { code, severity, message, place, help, related } = diagnostic;
  const exitCode = severity === 'error' ? exitCodeOf(code) : undefined;
  const retryable = catalogueEntry(code).retryable ?? false;
  return { code, severity, message, exitCode, place, related, help, retryable };
}
