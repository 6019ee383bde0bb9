/**
 * How many cells of a terminal a text takes, and texts cut to fit. An estimate as wcwidth(3) makes it, from ranges of
 * Unicode's East Asian Width; text of ours holds no control characters (escapeText).
 */

const empty = /^[\p{M}\p{Cf}]$/u;
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

export function cellsOf(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + widthOf(character), 0);
}

function widthOf(character: string): number {
  if (empty.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** The text where it fits, else as much of it as fits with `…` behind it. */
export function fitCells(text: string, room: number): string {
  if (cellsOf(text) <= room) return text;
  let cut = '';
  let used = 1;
  for (const character of Array.from(text)) {
    used += widthOf(character);
    if (used > room) break;
    cut += character;
  }
  return room < 1 ? '' : `${cut}…`;
}

/** Blanks behind the text up to `width` cells; a longer text stays as it is. */
export function padCells(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - cellsOf(text)));
}

/** The width of a column that shows all of these, up to `widest`. */
export function columnOf(texts: readonly string[], widest: number): number {
  return texts.reduce((column, text) => Math.min(widest, Math.max(column, cellsOf(text))), 0);
}

/** A word with the blanks before it; a quantity and its unit are one, with the `·` before them. */
const words = / *(?:· )?(?:[^ ]*\d (?:[kMGT]?B|s)(?![^ ,;)])[^ ]*|[^ ]+)/g;

/** Broken at blanks into lines of at most `room` cells; a word that is longer stays whole. */
export function wrapCells(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.match(words) ?? []) {
    const line = lines.at(-1);
    if (line !== undefined && cellsOf(line) + cellsOf(word) <= room) lines[lines.length - 1] = line + word;
    else lines.push(line === undefined ? word : word.trimStart());
  }
  return lines;
}

/** How many rows of a terminal with so many columns the text takes. */
export function rowsOf(text: string, columns: number): number {
  return Math.max(1, Math.ceil(cellsOf(text) / columns));
}
