/**
 * Runs one comparison: ours, theirs, ours, theirs, each in a fresh folder. A run that fails fails the comparison. The
 * folders are removed when all have run: on ext4, making files soon after as many were removed is several times slower.
 *
 * The tree is read before each run, since the system may have let its pages go meanwhile; what is over at once reads
 * little of it, and runs so often that the beginning is enough.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { warm } from './entries-below.mjs';
import { holds, pairedSpread, spread } from './figures.mjs';

/**
 * @typedef {import('./bench.mjs').Bench} Bench
 * @typedef {import('./bench.mjs').Comparison} Comparison
 * @typedef {import('./bench.mjs').Contender} Contender
 * @typedef {import('./bench.mjs').Run} Run
 * @typedef {import('./figures.mjs').Spread} Spread
 *
 * @typedef {import('./bench.mjs').Figure & { ours: Spread, theirs?: Spread, result: Spread, holds?: boolean }} Outcome
 *
 * @typedef {object} Row
 * @property {string} id
 * @property {string} title
 * @property {string} ours
 * @property {string} [theirs]
 * @property {number} pairs
 * @property {readonly Outcome[]} figures
 * @property {{ ours: readonly Run[], theirs: readonly Run[] }} runs in the order in which they ran
 */

/**
 * @param {Comparison} comparison
 * @param {Bench} bench
 * @param {number} wantedPairs
 * @returns {Promise<Row>}
 */
export async function compare(comparison, bench, wantedPairs) {
  const { id, title, ours, theirs, times, atMost = Infinity } = comparison;
  const pairs = Math.min(wantedPairs * (times ?? 1), atMost);
  const warmTree = () => warm(join(bench.tree, 'node_modules'));
  if (times !== undefined) warmTree();
  const folders = join(bench.work, 'runs');
  /** @type {{ ours: Run[], theirs: Run[] }} */
  const runs = { ours: [], theirs: [] };
  let count = 0;
  /** @param {Contender} contender @param {{ check: boolean }} what */
  const runNext = (contender, what) => {
    if (times === undefined) warmTree();
    return runOnce(contender, { bench, folder: join(folders, `${count++}`) }, what);
  };
  try {
    if (times !== undefined)
      for (const each of [ours, theirs]) if (each) await runNext(each, { check: false });
    for (let pair = 0; pair < pairs; pair++) {
      runs.ours.push(await runNext(ours, { check: pair === 0 }));
      if (theirs) runs.theirs.push(await runNext(theirs, { check: pair === 0 }));
    }
  } finally {
    rmSync(folders, { recursive: true, force: true });
  }
  const figures = comparison.figures.map((figure) => outcome(figure, runs));
  return { id, title, ours: ours.name, ...(theirs && { theirs: theirs.name }), pairs, figures, runs };
}

/**
 * @param {Contender} contender
 * @param {{ bench: Bench, folder: string }} where
 * @param {{ check: boolean }} what
 * @returns {Promise<Run>}
 */
async function runOnce(contender, where, { check }) {
  mkdirSync(where.folder, { recursive: true });
  const { wall, cpu, bytes, peak } = await contender.run(where);
  if (check) await contender.check?.(where);
  return {
    ...(wall !== undefined && { wall }),
    ...(cpu !== undefined && { cpu }),
    ...(bytes !== undefined && { bytes }),
    ...(peak !== undefined && { peak }),
  };
}

/**
 * @param {import('./bench.mjs').Figure} figure
 * @param {{ ours: readonly Run[], theirs: readonly Run[] }} runs
 * @returns {Outcome}
 */
function outcome(figure, runs) {
  const [ours, theirs] = [runs.ours, runs.theirs].map((each) => each.map((run) => numberOf(run, figure.of)));
  if (ours === undefined || theirs === undefined) throw new Error('Bug: two lists became fewer');
  const result = pairedSpread(figure.by, ours, theirs);
  const met = holds(result, figure.reach);
  return {
    ...figure,
    ours: spread(ours),
    ...(theirs.length > 0 && { theirs: spread(theirs) }),
    result,
    ...(met !== undefined && { holds: met }),
  };
}

/**
 * @param {Run} run
 * @param {'wall' | 'bytes' | 'peak'} what
 */
function numberOf(run, what) {
  const number = run[what];
  if (number === undefined || !(number > 0)) throw new Error(`a run gave no figure for ${what}`);
  return number;
}
