/**
 * The line of a text that a place points at, with carets under the span:
 *
 *       |
 *     3 | platfroms: [linux/amd64]
 *       | ^^^^^^^^^
 *
 * Tabs become spaces and controls visible escapes, wide characters get two carets, a long line is cut to a window
 * around the span. A span that runs over several lines is marked to the end of its first.
 */
import { escapeText } from './escape-text.ts';
import type { Place, SourceText } from './source-text.ts';
import { characterWidth } from './text-width.ts';

/** The three lines of a frame without their gutter. */
export interface CodeFrame {
  readonly lineNumber: string;
  readonly text: string;
  /** Spaces, then carets. */
  readonly carets: string;
}

/** Columns of text shown of one line. */
const widest = 100;
/** Columns kept before the span where a line is cut. */
const lead = 20;
const tabWidth = 4;

/** One character of the line as it is shown. */
interface Cell {
  readonly shown: string;
  readonly width: number;
  readonly marked: boolean;
}

export function codeFrame(source: SourceText, place: Place): CodeFrame {
  const cells = cutToWindow(cellsOf(source, place));
  const firstMarked = cells.findIndex((cell) => cell.marked);
  const before = firstMarked < 0 ? cells : cells.slice(0, firstMarked);
  const marked = cells.filter((cell) => cell.marked);
  return {
    lineNumber: String(place.line),
    text: cells
      .map((cell) => cell.shown)
      .join('')
      .trimEnd(),
    carets: ' '.repeat(widthOf(before)) + '^'.repeat(Math.max(1, widthOf(marked))),
  };
}

function cellsOf(source: SourceText, place: Place): Cell[] {
  const lineStart = place.span.start - (place.column - 1);
  const lineEnd = endOfLine(source.text, lineStart);
  const cells: Cell[] = [];
  let at = lineStart;
  for (const character of source.text.slice(lineStart, lineEnd)) {
    const marked = at >= place.span.start && at < place.span.end;
    cells.push(cellOf(character, marked));
    at += character.length;
  }
  return cells;
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  const end = newline < 0 ? text.length : newline;
  return end > from && text[end - 1] === '\r' ? end - 1 : end;
}

function cellOf(character: string, marked: boolean): Cell {
  if (character === '\t') return { shown: ' '.repeat(tabWidth), width: tabWidth, marked };
  const shown = escapeText(character);
  return { shown, width: shown === character ? characterWidth(character) : shown.length, marked };
}

function cutToWindow(cells: readonly Cell[]): readonly Cell[] {
  if (widthOf(cells) <= widest) return cells;
  const firstMarked = cells.findIndex((cell) => cell.marked);
  const focus = firstMarked < 0 ? cells.length : firstMarked;
  const start = focus <= lead ? 0 : focus - lead;
  const shown: Cell[] = start > 0 ? [gap] : [];
  let width = shown.length;
  let at = start;
  for (; at < cells.length && width < widest; at += 1) {
    const cell = cells[at];
    if (cell === undefined) break;
    shown.push(cell);
    width += cell.width;
  }
  return at < cells.length ? [...shown, gap] : shown;
}

const gap: Cell = { shown: '…', width: 1, marked: false };

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((width, cell) => width + cell.width, 0);
}
