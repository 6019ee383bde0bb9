/**
 * A diagnostic as people read it (command-line.md, How it looks): its code and sentence, where it stands, the line
 * with carets, related places, and what to do. Ends without a newline. Colour is plain ANSI, only where asked for.
 */
import type { DiagnosticCode } from './catalogue.ts';
import { codeFrame } from './code-frame.ts';
import type { Diagnostic, RelatedPlace } from './diagnostic.ts';
import { escapeText } from './escape-text.ts';
import type { Place, SourceText } from './source-text.ts';

export interface FormatOptions {
  readonly color?: boolean;
  /** Cells of the terminal that lines of the source are cut to. */
  readonly columns?: number;
}

/** `source` is the text that the places point into; a place in another text is named without its line. */
export function formatDiagnostic(
  diagnostic: Diagnostic,
  source?: SourceText,
  options: FormatOptions = {},
): string {
  const paint = options.color === true ? colored : plain;
  const severity = diagnostic.severity === 'error' ? paint.error : paint.warning;
  const margin = marginOf(diagnostic);
  const shown = unshown.has(diagnostic.code) ? undefined : source;
  const look = { source: shown, margin, paint, columns: options.columns };
  const lines = [
    `${severity(`${diagnostic.severity}[${diagnostic.code}]`)} ${paint.strong(diagnostic.message)}`,
  ];
  if (diagnostic.place !== undefined) {
    lines.push(...placeLines(diagnostic.place, { ...look, caret: severity }));
  }
  for (const related of diagnostic.related ?? []) {
    lines.push(...relatedLines(related, { ...look, caret: paint.frame }));
  }
  if (diagnostic.help !== undefined) lines.push(`${margin} ${paint.frame('=')} help: ${diagnostic.help}`);
  return lines.join('\n');
}

/** The line itself is what must not be repeated: messages end in logs of CI, which more people read than the recipe. */
const unshown: ReadonlySet<DiagnosticCode> = new Set(['lint/secret']);

/** All of them, in the order of their places, an empty line between. */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  source?: SourceText,
  options: FormatOptions = {},
): string {
  return diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, source, options)).join('\n\n');
}

/** Columns between the margin and the text, with one for `…` at each end; and the fewest of a text worth being shown. */
const gutter = 5;
const fewest = 20;

interface Look {
  readonly source: SourceText | undefined;
  readonly margin: string;
  readonly columns: number | undefined;
  readonly paint: Paint;
  readonly caret: (text: string) => string;
}

/** As many spaces as the longest line number has digits, so that the bars of all frames stand in one column. */
function marginOf(diagnostic: Diagnostic): string {
  const places = [diagnostic.place, ...(diagnostic.related ?? []).map((related) => related.place)];
  const widths = places.map((place) => (place === undefined ? 1 : String(place.line).length));
  return ' '.repeat(Math.max(...widths));
}

function relatedLines(related: RelatedPlace, look: Look): string[] {
  return [`${look.margin} ${look.paint.frame('=')} ${related.message}`, ...placeLines(related.place, look)];
}

function placeLines(place: Place, look: Look): string[] {
  const { source, margin, paint, columns } = look;
  const where = `${escapeText(place.file)}:${String(place.line)}:${String(place.column)}`;
  const arrow = ` ${paint.frame('-->')} ${where}`;
  if (source?.name !== place.file) return [arrow];
  const room = columns === undefined ? undefined : Math.max(fewest, columns - margin.length - gutter);
  const frame = codeFrame(source, place, room);
  const bar = paint.frame('|');
  return [
    arrow,
    `${margin} ${bar}`,
    `${paint.frame(frame.lineNumber.padStart(margin.length))} ${bar} ${frame.text}`.trimEnd(),
    `${margin} ${bar} ${look.caret(frame.carets)}`,
  ];
}

type Paint = Readonly<Record<'error' | 'warning' | 'strong' | 'frame', (text: string) => string>>;

const plain: Paint = { error: same, warning: same, strong: same, frame: same };
// ECMA-48, 8.3.117 (SGR): bold, red, yellow, blue; 0 ends them.
const colored: Paint = { error: sgr('1;31'), warning: sgr('1;33'), strong: sgr('1'), frame: sgr('34') };

function same(text: string): string {
  return text;
}

function sgr(parameters: string): (text: string) => string {
  return (text) => `\u001b[${parameters}m${text}\u001b[0m`;
}
