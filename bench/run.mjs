/**
 * The bench: us and each peer that is installed, in turn, in pairs, on one tree of real packages. Prints a table, and
 * writes all that it measured as JSON. A peer that is missing is said to be; a run that fails ends the bench with 1.
 *
 *     npm run bench -- --help
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { compare } from './compare.mjs';
import { comparisons } from './comparisons/all.mjs';
import { warm } from './entries-below.mjs';
import { install } from './install.mjs';
import { benchFolder, fileBytes, fileTree, largeTree, smallTree } from './make-tree.mjs';
import { readOptions, usage } from './options.mjs';
import { buildOperands, ourCommand } from './ours.mjs';
import { toolVersion } from './peers/tools.mjs';
import { writeFileRecipe, writeTreeRecipes } from './recipes.mjs';
import { benchReport } from './report.mjs';
import { cells, heads, plainTable } from './table.mjs';
import { stopFlushing, untimed } from './timed.mjs';

/**
 * @typedef {import('./bench.mjs').Bench} Bench
 * @typedef {import('./bench.mjs').Built} Built
 */

const options = readOptions(process.argv.slice(2));
const chosen = comparisons.filter(({ id }) => options.rows.test(id));
if (options.help) process.stdout.write(usage);
else if (options.list) process.stdout.write(chosen.map(({ id, title }) => `${id}: ${title}\n`).join(''));
else if (chosen.length === 0) throw new Error(`No row's name has ${options.rows.source} in it`);
else await runAll();

async function runAll() {
  if (options.small) stopFlushing();
  const bench = openBench();
  try {
    const tree = warm(join(bench.tree, 'node_modules'));
    const result = await compareAll(bench);
    const report = benchReport(bench, { name: options.small ? 'small' : 'large', ...tree }, result);
    writeReport(report);
    process.stdout.write(`\n${plainTable([heads, ...report.rows.flatMap(cells)])}`);
    for (const { id, why } of report.skipped) process.stdout.write(`skipped: ${id}: ${why}\n`);
    for (const { id, why } of report.failed) process.stdout.write(`failed: ${id}: ${why}\n`);
    if (report.failed.length > 0) process.exitCode = 1;
  } finally {
    rmSync(bench.work, { recursive: true, force: true });
  }
}

/** Makes the trees where they are missing. @returns {Bench} */
function openBench() {
  const folder = benchFolder();
  mkdirSync(folder, { recursive: true });
  const tree = options.small ? smallTree(folder) : largeTree(folder);
  writeTreeRecipes(tree);
  const work = workFolder(folder);
  /** @type {Promise<Built> | undefined} */
  let built;
  return {
    folder,
    small: options.small,
    tree,
    bigFile: () => bigFile(folder),
    work,
    built: () => (built ??= buildOnce(tree, work)),
  };
}

/**
 * A folder for the runs of this process. Those of processes that were killed are removed.
 * @param {string} folder
 */
function workFolder(folder) {
  for (const name of readdirSync(folder)) {
    const pid = /^work-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid)))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
  const work = join(folder, `work-${process.pid}`);
  mkdirSync(work);
  return work;
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Made when it is asked for: it is large. @param {string} folder */
function bigFile(folder) {
  const tree = fileTree(folder, options.small ? fileBytes.small : fileBytes.large);
  writeFileRecipe(tree);
  return tree;
}

/**
 * @param {string} tree
 * @param {string} work
 * @returns {Promise<Built>}
 */
async function buildOnce(tree, work) {
  const [store, layout] = [join(work, 'store'), join(work, 'layout')];
  const operands = [...buildOperands(tree, 'gzip-6'), '-o', `oci:${layout}:latest`];
  const printed = await untimed(ourCommand(store, operands));
  const digest = /sha256:[0-9a-f]{64}/.exec(printed)?.[0];
  if (digest === undefined) throw new Error(`the build printed no digest: ${printed}`);
  return { store, layout, digest };
}

/** @param {Bench} bench */
async function compareAll(bench) {
  /** @type {import("./report.mjs").Result} */
  const result = { rows: [], skipped: [], failed: [] };
  for (const comparison of chosen) {
    const { id } = comparison;
    try {
      const why = whyNot(comparison, bench);
      if (why !== undefined) {
        result.skipped.push({ id, why });
        continue;
      }
      process.stderr.write(
        `${id}: ${comparison.ours.name}, against ${comparison.theirs?.name ?? 'nothing'}\n`,
      );
      result.rows.push(await compare(comparison, bench, options.pairs));
    } catch (error) {
      result.failed.push({ id, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return result;
}

/**
 * @param {import('./bench.mjs').Comparison} comparison
 * @param {Bench} bench
 */
function whyNot(comparison, bench) {
  const needs = [...comparison.ours.needs, ...(comparison.theirs?.needs ?? [])];
  if (needs.includes('containerify') && !options.small) install('containerify', bench.folder);
  const missing = needs.filter((name) => toolVersion(name, bench) === undefined);
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  return comparison.whyNot?.(bench);
}

/** @param {object} report */
function writeReport(report) {
  const path = resolve(options.json);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(report, undefined, 2)}\n`);
}
