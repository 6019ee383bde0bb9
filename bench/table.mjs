/** The rows of a bench as text: for a terminal, and as the cells of a table in Markdown. */

/**
 * @typedef {import('./compare.mjs').Row} Row
 * @typedef {import('./compare.mjs').Outcome} Outcome
 * @typedef {import('./figures.mjs').Spread} Spread
 */

export const heads = [
  'row',
  'against',
  'of',
  'pairs',
  'ours',
  'theirs',
  'set side by side',
  'reach',
  'holds',
];

/**
 * One line of cells for each figure of a row. Three numbers are the least, the median and the most.
 * @param {Row} row
 * @returns {readonly (readonly string[])[]}
 */
export function cells(row) {
  return row.figures.map((figure) => [
    row.id,
    row.theirs ?? '–',
    unitOf(figure),
    String(row.pairs),
    spreadText(figure.ours, figure),
    figure.theirs === undefined ? '–' : spreadText(figure.theirs, figure),
    resultText(figure),
    figure.reach === undefined ? '–' : `≤ ${targetText(figure, figure.reach)}`,
    figure.holds === undefined ? '–' : figure.holds ? 'yes' : 'no',
  ]);
}

/** @param {readonly (readonly string[])[]} lines the first is the head */
export function plainTable(lines) {
  const widths = columnWidths(lines);
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** The median of what was set side by side, with its unit. @param {Outcome} figure */
export function medianText(figure) {
  return targetText(figure, figure.result.median);
}

/**
 * @param {Outcome} figure
 * @param {number} number
 */
export function targetText(figure, number) {
  if (figure.by === 'ratio') return `${number.toFixed(2)} ×`;
  const text = `${numberText(number, figure)} ${unitOf(figure)}`;
  return figure.by === 'difference' && number >= 0 ? `+${text}` : text;
}

/** @param {Outcome} figure */
function resultText(figure) {
  const { min, median, max } = figure.result;
  if (figure.by === 'value') return '–';
  const numbers = [min, median, max].map((number) =>
    figure.by === 'ratio' ? number.toFixed(2) : numberText(number, figure),
  );
  return `${numbers.join(' · ')}${figure.by === 'ratio' ? ' ×' : ''}`;
}

/** @param {Outcome} figure */
function unitOf(figure) {
  return figure.of === 'wall' ? 's' : 'MB';
}

/**
 * @param {Spread} spread
 * @param {Outcome} figure
 */
function spreadText({ min, median, max }, figure) {
  return [min, median, max].map((number) => numberText(number, figure)).join(' · ');
}

/**
 * Seconds to the thousandth where they are few, a million bytes as 1 MB.
 * @param {number} number
 * @param {Outcome} figure
 */
function numberText(number, figure) {
  if (figure.of !== 'wall') return (number / 1e6).toFixed(1);
  return number.toFixed(Math.abs(number) < 1 ? 3 : Math.abs(number) < 10 ? 2 : 1);
}

/** @param {readonly (readonly string[])[]} lines */
function columnWidths(lines) {
  return (lines[0] ?? []).map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
}
