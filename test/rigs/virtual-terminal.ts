/**
 * What a terminal shows of what is written to it: the few sequences that we write, obeyed, and every other one refused.
 * It wraps anew what it shows when its width changes, as most terminals do; what has scrolled away is shown too, and
 * stays out of the cursor's reach.
 */
import { cellsOf } from '../../src/io/render/cells.ts';

export interface VirtualTerminal {
  write(text: string): void;
  resize(columns: number): void;
  readonly columns: number;
  readonly rows: number;
  /** Each row, without blanks at its end; without empty rows at the end. */
  shown(): string[];
}

/** A character, or '' for the second cell of a wide one. */
type Cell = string;

export function createVirtualTerminal(size: { columns: number; rows?: number }): VirtualTerminal {
  let { columns } = size;
  const { rows = 24 } = size;
  let wraps = true;
  let lines: Cell[][] = [[]];
  let at = { line: 0, cell: 0 };

  const rowsOfLine = (line: readonly Cell[]): number => Math.max(1, Math.ceil(line.length / columns));
  const rowsBefore = (line: number): number =>
    lines.slice(0, line).reduce((sum, one) => sum + rowsOfLine(one), 0);
  const moveUp = (count: number): void => {
    const row = rowsBefore(at.line) + Math.floor(at.cell / columns);
    const top = Math.max(0, rowsBefore(lines.length) - rows);
    const wanted = Math.max(row - count, top);
    const line = lines.findIndex((one, index) => rowsBefore(index) + rowsOfLine(one) > wanted);
    at = { line, cell: (wanted - rowsBefore(line)) * columns + (at.cell % columns) };
  };
  const eraseBelow = (): void => {
    lines = lines.slice(0, at.line + 1);
    lines[at.line] = lines[at.line]?.slice(0, at.cell) ?? [];
  };
  const put = (character: string): void => {
    const line = lines[at.line] ?? [];
    const cells = [character, ...Array<string>(Math.max(0, cellsOf(character) - 1)).fill('')];
    // Without wrapping all that is too much comes to the last cell.
    if (!wraps) at.cell = Math.min(at.cell, columns - cells.length);
    line.splice(at.cell, cells.length, ...cells);
    lines[at.line] = line;
    at.cell += cells.length;
  };
  const feed = (): void => {
    at = { line: at.line + 1, cell: 0 };
    if (at.line === lines.length) lines.push([]);
  };
  const obey = (part: string): void => {
    const up = /^\u001b\[(\d+)A$/.exec(part);
    if (up !== null) moveUp(Number(up[1]));
    else if (part === '\u001b[0J') eraseBelow();
    else if (part === '\u001b[?7l' || part === '\u001b[?7h') wraps = part.endsWith('h');
    else if (part === '\n') feed();
    else if (part === '\r') at.cell -= at.cell % columns;
    else if (!/^\u001b\[[\d;]*m$/.test(part)) throw new Error(`not obeyed: ${JSON.stringify(part)}`);
  };
  return {
    write: (text) => {
      for (const part of text.match(/\u001b(?:\[[?\d;]*[A-Za-z])?|[\s\S]/gu) ?? []) {
        if (/^\p{Cc}/u.test(part)) obey(part);
        else put(part);
      }
    },
    resize: (wider) => {
      columns = wider;
    },
    get columns() {
      return columns;
    },
    rows,
    shown: () => {
      const all = lines.flatMap((line) => inRows(line, columns));
      const last = all.findLastIndex((row) => row !== '');
      return all.slice(0, last + 1);
    },
  };
}

function inRows(line: readonly Cell[], columns: number): string[] {
  const count = Math.max(1, Math.ceil(line.length / columns));
  return Array.from({ length: count }, (_row, index) =>
    line
      .slice(index * columns, (index + 1) * columns)
      .join('')
      .trimEnd(),
  );
}
