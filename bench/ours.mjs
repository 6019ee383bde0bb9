/** The built command, dist/cli.js, as a contender: how it is called, and what its store then holds. */

import { join, resolve } from 'node:path';
import { checkLayer } from './check-layer.mjs';
import { layoutBytes } from './layout-bytes.mjs';
import { timed } from './timed.mjs';

/**
 * @typedef {import('./bench.mjs').Contender} Contender
 * @typedef {import('./bench.mjs').Place} Place
 */

const cli = resolve(import.meta.dirname, '../dist/cli.js');

/**
 * @param {string} store
 * @param {readonly string[]} operands
 * @returns {import('./timed.mjs').Command}
 */
export function ourCommand(store, operands) {
  return { script: '"$@"', operands: ourWords(operands), env: { LAYERWRIGHT_CACHE_DIR: store } };
}

/**
 * @param {readonly string[]} operands
 * @returns {[string, ...string[]]}
 */
export function ourWords(operands) {
  return [process.execPath, cli, ...operands];
}

/** @param {string} store what LAYERWRIGHT_CACHE_DIR names */
export function layoutOfStore(store) {
  return join(store, 'store');
}

/**
 * A build with an empty store. The image stays in that store, which is an image layout.
 * @param {string} recipe a name of recipes.mjs
 * @returns {Contender}
 */
export function coldBuild(recipe) {
  return {
    name: `layerwright build, ${recipe}`,
    needs: [],
    run: async ({ bench, folder }) => {
      const store = join(folder, 'store');
      const { wall, cpu } = await timed(ourCommand(store, buildOperands(bench.tree, recipe)));
      return { wall, cpu, bytes: layoutBytes(layoutOfStore(store)) };
    },
    check: async ({ bench, folder }) => checkLayer(layoutOfStore(join(folder, 'store')), bench.tree),
  };
}

/**
 * @param {string} folder
 * @param {string} recipe
 */
export function buildOperands(folder, recipe) {
  return ['build', '-C', folder, '-f', `${recipe}.yaml`, '-q'];
}

/** @returns {Contender} the start of the command, and nothing else */
export function ourVersionCommand() {
  return {
    name: 'layerwright --version',
    needs: [],
    run: async ({ folder }) => timed(ourCommand(join(folder, 'store'), ['--version'])),
  };
}
