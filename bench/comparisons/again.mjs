/** Building again: nothing has changed, or one file of the tree, which stands in a layer of its own. */
import { comparison } from '../bench.mjs';
import { buildOperands, ourCommand } from '../ours.mjs';
import { bareWalk } from '../peers/node.mjs';
import { writeChanging } from '../recipes.mjs';
import { timed } from '../timed.mjs';

/** @typedef {import('../bench.mjs').Contender} Contender */

/** @type {Contender} */
const noChange = {
  name: 'layerwright build, no change',
  needs: [],
  run: async ({ bench }) => {
    const { store, digest } = await bench.built();
    const { wall, cpu, stdout } = await timed(ourCommand(store, buildOperands(bench.tree, 'gzip-6')));
    if (!stdout.includes(digest)) throw new Error(`without a change ${digest} became ${stdout}`);
    return { wall, cpu };
  },
};

let last = '';

/** @type {Contender} */
const oneFileChanged = {
  name: 'layerwright build, one file changed',
  needs: [],
  run: async (place) => {
    writeChanging(place.bench.tree, `${process.pid} ${process.hrtime.bigint()}`);
    const before = last;
    const { wall, cpu } = await buildChanging(place);
    if (last === before) throw new Error(`with one file changed the image is still ${last}`);
    return { wall, cpu };
  },
};

/** @type {Contender} */
const noFileChanged = {
  name: 'the same, no change',
  needs: [],
  run: async (place) => {
    const before = last;
    const { wall, cpu } = await buildChanging(place);
    if (last !== before) throw new Error(`without a change ${before} became ${last}`);
    return { wall, cpu };
  },
};

/** @param {import('../bench.mjs').Place} place */
async function buildChanging({ bench }) {
  const { store } = await bench.built();
  const times = await timed(ourCommand(store, buildOperands(bench.tree, 'changing')));
  last = times.stdout;
  return times;
}

export const againComparisons = [
  comparison({
    id: 'no-change',
    title: 'no change, against a walk',
    ours: noChange,
    theirs: bareWalk,
    figures: [{ of: 'wall', by: 'ratio', reach: 1.3, later: 1.1 }],
    times: 2,
  }),
  comparison({
    id: 'one-file-changed',
    title: 'one file changed, in a layer of its own',
    ours: oneFileChanged,
    theirs: noFileChanged,
    figures: [{ of: 'wall', by: 'ratio', reach: 1.5 }],
    times: 2,
  }),
];
