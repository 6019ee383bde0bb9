/** The built command, dist/cli.js, as a contender: how it is called, and what its store then holds. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkLayer } from './check-layer.mjs';
import { layoutBytes } from './layout-bytes.mjs';
import { timed, untimed } from './timed.mjs';

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

/**
 * Why a recipe is not possible yet, or undefined. Any other complaint about it is an error.
 * @param {string} folder
 * @param {string} recipe
 */
export async function whyNotRecipe(folder, recipe) {
  const path = join(folder, `${recipe}.yaml`);
  const small = readFileSync(path, 'utf8').replace(/layers:[^]*/, 'layers: []\n');
  try {
    await untimed({
      script: 'printf %s "$1" | "${@:2}"',
      operands: [small, ...ourWords(['plan', '-f', '-', '-q'])],
      env: { LAYERWRIGHT_CACHE_DIR: join(folder, 'no-store') },
    });
    return undefined;
  } catch (error) {
    if (!String(error).includes('recipe/not-yet')) throw error;
    return `this layerwright does not take the recipe ${recipe} yet`;
  }
}
