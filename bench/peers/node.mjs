/** Node itself, doing the least that there is to do. */
import { join, resolve } from 'node:path';
import { timed } from '../timed.mjs';

const walk = resolve(import.meta.dirname, '../walk.mjs');

/** @type {import('../bench.mjs').Contender} */
export const bareWalk = {
  name: 'node walk.mjs',
  needs: [],
  run: async ({ bench }) =>
    timed({ script: '"$1" "$2" "$3"', operands: [process.execPath, walk, join(bench.tree, 'node_modules')] }),
};

/** @type {import('../bench.mjs').Contender} */
export const bareNode = {
  name: 'node -e 0',
  needs: [],
  run: async () => timed({ script: '"$1" -e 0', operands: [process.execPath] }),
};
