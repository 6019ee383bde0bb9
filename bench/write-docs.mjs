/**
 * Writes the measured part of docs/performance.md from what a bench wrote: between its two marks, and nowhere else.
 *
 *     node bench/write-docs.mjs out/bench.json [PAGE]
 */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { spread } from './figures.mjs';
import { cells, medianText, targetText } from './table.mjs';

/**
 * @typedef {import('./compare.mjs').Row} Row
 * @typedef {import('./compare.mjs').Outcome} Outcome
 * @typedef {ReturnType<typeof import("./report.mjs").benchReport>} Report
 */

const [begin, end] = ['<!-- bench: begin -->', '<!-- bench: end -->'];
const [reportFile, page = resolve(import.meta.dirname, '../docs/performance.md')] = process.argv.slice(2);
if (reportFile === undefined)
  throw new Error('The JSON of a bench is needed: node bench/write-docs.mjs out/bench.json');

/** @type {Report} */
const report = JSON.parse(await readFile(reportFile, 'utf8'));
if (report.failed.length > 0)
  throw new Error(`A bench with failed rows is no page: ${report.failed.map(({ id }) => id).join(', ')}`);
const [before, rest] = (await readFile(page, 'utf8')).split(begin);
const after = rest?.split(end)[1];
if (before === undefined || after === undefined)
  throw new Error(`${page} has not the marks ${begin} and ${end}`);
const text = `${before}${begin}\n\n${measuredPart()}\n\n${end}${after}`;
await writeFile(page, await format(text, { ...(await resolveConfig(page)), parser: 'markdown' }));

function measuredPart() {
  const figures = report.rows.flatMap((row) => row.figures.map((figure, at) => ({ row, figure, at })));
  const [withTarget, without] = [true, false].map((wanted) =>
    figures.filter(({ figure }) => (figure.reach !== undefined) === wanted),
  );
  return [
    circumstances(),
    '### Rows with a target',
    table((withTarget ?? []).map(({ row, at }) => line(row, at))),
    '### Other peers',
    table((without ?? []).map(({ row, at }) => line(row, at))),
    ...report.skipped.map(({ id, why }) => `- \`${id}\` was not measured: ${why}.`),
    '## Where we lose',
    losses(figures),
  ].join('\n\n');
}

function circumstances() {
  const { machine, tree } = report;
  const tools = report.tools.map(({ name, version }) => `${name} ${version}`).join(', ');
  return [
    `- When: ${report.date.slice(0, 10)}, layerwright ${report.layerwright}, Node ${report.node.slice(1)}`,
    `- Machine: ${machine.processor}, ${machine.cores} cores, ${(machine.memoryBytes / 1e9).toFixed(0)} GB of memory, ${machine.system}`,
    `- Tree: ${tree.name}, ${tree.files} files and ${tree.links} links in ${tree.folders} folders, ${(tree.bytes / 1e6).toFixed(0)} MB`,
    `- Others: ${tools}`,
  ].join('\n');
}

/** @param {readonly (readonly string[])[]} lines */
function table(lines) {
  const heads = [
    'row',
    'against',
    'of',
    'pairs',
    'ours',
    'theirs',
    'side by side',
    'reach',
    'holds',
    'CPU s',
  ];
  return [heads, heads.map(() => '---'), ...lines]
    .map((line) => `| ${line.map(escaped).join(' | ')} |`)
    .join('\n');
}

/**
 * @param {Row} row
 * @param {number} at which of its figures
 */
function line(row, at) {
  const [id = '', against = '', ...others] = cells(row)[at] ?? [];
  return [
    `\`${id}\``,
    against === '–' ? against : `\`${against}\``,
    ...others,
    cpuText(row, row.figures[at]),
  ];
}

/**
 * The median of CPU time over all processes, ours and theirs.
 * @param {Row} row
 * @param {Outcome | undefined} figure
 */
function cpuText({ runs }, figure) {
  const [ours, theirs] = [runs.ours, runs.theirs].map((each) => each.flatMap(({ cpu }) => cpu ?? []));
  if (figure?.of !== 'wall' || !ours?.length || !theirs?.length) return '–';
  return [ours, theirs].map((each) => spread(each).median.toFixed(2)).join(' / ');
}

/** @param {string} cell */
function escaped(cell) {
  return cell.replaceAll('|', '\\|');
}

/** @param {readonly { row: Row, figure: Outcome }[]} figures */
function losses(figures) {
  const missed = figures.flatMap(({ row, figure }) =>
    figure.holds === false && figure.reach !== undefined
      ? [
          `- \`${row.id}\` misses its target: ${sentence(row, figure)}, and not ${targetText(figure, figure.reach)}.`,
        ]
      : [],
  );
  const behind = figures
    .filter(({ figure }) => figure.holds !== false && figure.by === 'ratio' && figure.result.median > 1)
    .map(({ row, figure }) => `- \`${row.id}\`: ${sentence(row, figure)}.`);
  return missed.length + behind.length === 0 ? 'In no row of this run.' : [...missed, ...behind].join('\n');
}

/**
 * @param {Row} row
 * @param {Outcome} figure
 */
function sentence(row, figure) {
  const what = { wall: 'time', bytes: 'size', peak: 'memory' }[figure.of];
  const against = figure.by === 'value' ? '' : ` against \`${row.theirs ?? ''}\``;
  return `${row.title}, ${what}${against}: ${medianText(figure)}`;
}
