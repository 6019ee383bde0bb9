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

/** Columns of text shown of one line, if the caller has room for them. */
const widest = 100;
/** Columns kept before the span where a line is cut; a fifth of what is shown. */
const lead = (room: number): number => Math.floor(room / 5);
const tabWidth = 4;
/** Characters looked at before and after the start of the span. */
const neighbourhood = 400;

/** One character of the line as it is shown. */
interface Cell {
  readonly shown: string;
  readonly width: number;
  readonly marked?: true;
}

export function codeFrame(source: SourceText, place: Place, room = widest): CodeFrame {
  const cells = cutToWindow(cellsOf(source, place), Math.min(room, widest));
  const firstMarked = cells.findIndex((cell) => cell.marked === true);
  const before = firstMarked < 0 ? cells : cells.slice(0, firstMarked);
  const marked = cells.filter((cell) => cell.marked === true);
  return {
    lineNumber: String(place.line),
    text: cells
      .map((cell) => cell.shown)
      .join('')
      .trimEnd(),
    carets: ' '.repeat(widthOf(before)) + '^'.repeat(Math.max(1, widthOf(marked))),
  };
}

/** Only the neighbourhood of the span is looked at: a line may be the whole text. */
function cellsOf(source: SourceText, place: Place): Cell[] {
  const { start, end } = place.span;
  const lineStart = start - (place.column - 1);
  const from = Math.max(lineStart, start - neighbourhood);
  const lineEnd = endOfLine(source.text, lineStart);
  const to = Math.min(lineEnd, start + neighbourhood);
  const cells: Cell[] = from > lineStart ? [gap] : [];
  let at = from;
  for (const character of source.text.slice(from, to)) {
    const cell = cellOf(character);
    // A span without length marks the character that it stands before.
    const marked = at >= start && at < Math.max(end, start + 1);
    cells.push(marked ? { ...cell, marked } : cell);
    at += character.length;
  }
  return to < lineEnd ? [...cells, gap] : cells;
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  const end = newline < 0 ? text.length : newline;
  return end > from && text[end - 1] === '\r' ? end - 1 : end;
}

function cellOf(character: string): Cell {
  if (character === '\t') return { shown: ' '.repeat(tabWidth), width: tabWidth };
  const shown = escapeText(character);
  return { shown, width: shown === character ? characterWidth(character) : shown.length };
}

function cutToWindow(cells: readonly Cell[], room: number): readonly Cell[] {
  if (widthOf(cells) <= room) return cells;
  const firstMarked = cells.findIndex((cell) => cell.marked === true);
  const focus = firstMarked < 0 ? cells.length : firstMarked;
  const start = Math.max(0, focus - lead(room));
  const shown: Cell[] = start > 0 ? [gap] : [];
  let width = shown.length;
  let at = start;
  for (; at < cells.length && width < room; at += 1) {
    const cell = cells[at];
    if (cell === undefined) break;
    shown.push(cell);
    width += cell.width;
  }
  return at < cells.length ? [...shown, gap] : shown;
}

const gap: Cell = { shown: '…', width: 1 };

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((width, cell) => width + cell.width, 0);
}
