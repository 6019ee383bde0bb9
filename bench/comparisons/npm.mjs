/** The packages of the large tree's lock as an image, against npm, with all of them in npm's cache; and once more. */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { comparison } from '../bench.mjs';
import { buildOperands, ourCommand } from '../ours.mjs';
import { bareWalk } from '../peers/node.mjs';
import { npmCi } from '../peers/npm.mjs';
import { timed, untimed } from '../timed.mjs';

/** @typedef {import('../bench.mjs').Bench} Bench */

/**
 * @param {Bench} bench
 * @param {string} folder
 */
function writeProject(bench, folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    copyFileSync(join(bench.tree, name), join(folder, name));
}

/**
 * A recipe of the packages alone, beside package.json and its lock.
 * @param {Bench} bench
 * @param {string} folder
 */
function writeRecipe(bench, folder) {
  writeProject(bench, folder);
  const compression = 'compression: { type: gzip, level: 6 }';
  const lines = ['image: localhost/bench', 'from: scratch', compression, 'layers:', '  - npm: .', ''];
  writeFileSync(join(folder, 'npm.yaml'), lines.join('\n'));
}

/** @type {import('../bench.mjs').Contender} */
const cold = {
  name: 'layerwright build, npm: .',
  needs: ['npm'],
  run: async ({ bench, folder }) => {
    const project = join(folder, 'project');
    writeRecipe(bench, project);
    const { wall, cpu } = await timed(ourCommand(join(folder, 'store'), buildOperands(project, 'npm')));
    return { wall, cpu };
  },
};

/** The project and store of each bench's one build, made when it is first asked for. */
const builds = new WeakMap();

/** @type {import('../bench.mjs').Contender} */
const noChange = {
  name: 'layerwright build, npm: ., no change',
  needs: ['npm'],
  run: async ({ bench }) => {
    const [project, store] = ['npm-project', 'npm-store'].map((name) => join(bench.work, name));
    if (project === undefined || store === undefined) throw new Error('Bug: two folders are needed');
    const command = ourCommand(store, buildOperands(project, 'npm'));
    if (!builds.has(bench)) {
      writeRecipe(bench, project);
      builds.set(bench, await untimed(command));
    }
    const { wall, cpu, stdout } = await timed(command);
    if (stdout !== builds.get(bench)) throw new Error(`without a change the image became ${stdout}`);
    return { wall, cpu };
  },
};

/** @param {Bench} bench */
function whyNot(bench) {
  return existsSync(join(bench.tree, 'package-lock.json')) ? undefined : 'the small tree has no lock';
}

export const npmComparisons = [
  comparison({
    id: 'npm-cold',
    title: 'npm: with an empty store and a full cache of npm',
    ours: cold,
    theirs: npmCi(({ bench, folder }) => writeProject(bench, folder)),
    figures: [{ of: 'wall', by: 'ratio', reach: 1 }],
    whyNot,
  }),
  comparison({
    id: 'npm-no-change',
    title: 'npm: once more, against a walk of node_modules',
    ours: noChange,
    theirs: bareWalk,
    figures: [{ of: 'wall', by: 'ratio', reach: 1 }],
    times: 2,
    whyNot,
  }),
];
