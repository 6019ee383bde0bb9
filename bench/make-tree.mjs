/**
 * Makes the trees that the bench works on, each once: what is there is kept.
 *
 *     node bench/make-tree.mjs [large | small | file | project]     prints where it is
 *
 * `large` is about 50,000 files and 550 MB of real npm packages; `small`, for CI, is copied from our own node_modules
 * and needs no network; `file` is one file of 2 GB; `project` has 10,000 small files, to watch.
 */
import { cpSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeLargeFile, makeProject } from './generate.mjs';
import { install } from './install.mjs';

const root = resolve(import.meta.dirname, '..');
const smallPackages = ['@types/node', 'ajv', 'eslint', 'knip', 'undici', 'vitest', 'yaml'];

/** Where all trees and all that a run makes stand: a git-ignored folder, or LAYERWRIGHT_BENCH_DIR. */
export function benchFolder() {
  return resolve(process.env['LAYERWRIGHT_BENCH_DIR'] ?? join(root, 'out/bench'));
}

/** The folder that holds node_modules. @param {string} folder */
export function largeTree(folder) {
  return install('large', folder);
}

/** About 2,700 files of packages that we are developed with. @param {string} folder */
export function smallTree(folder) {
  const target = join(folder, 'small');
  if (existsSync(target)) return target;
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  for (const name of smallPackages)
    cpSync(join(root, 'node_modules', name), join(partial, 'node_modules', name), {
      recursive: true,
      verbatimSymlinks: true,
    });
  writeFileSync(
    join(partial, 'package.json'),
    '{ "name": "bench-small", "version": "0.0.0", "private": true }\n',
  );
  renameSync(partial, target);
  return target;
}

/**
 * The folder that holds large.bin.
 * @param {string} folder
 * @param {number} bytes
 */
export function fileTree(folder, bytes) {
  const target = join(folder, `file-of-${bytes}`);
  mkdirSync(target, { recursive: true });
  makeLargeFile(join(target, 'large.bin'), bytes);
  return target;
}

/** @param {string} folder */
function projectTree(folder) {
  const target = join(folder, 'project');
  makeProject(target, 10_000);
  return target;
}

export const fileBytes = { large: 2 ** 31, small: 2 ** 24 };

const makers = {
  large: largeTree,
  small: smallTree,
  file: (/** @type {string} */ folder) => fileTree(folder, fileBytes.large),
  project: projectTree,
};

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const kind = process.argv[2] ?? 'large';
  const maker = Object.entries(makers).find(([name]) => name === kind)?.[1];
  if (maker === undefined) throw new Error(`A tree is one of ${Object.keys(makers).join(', ')}, not ${kind}`);
  mkdirSync(benchFolder(), { recursive: true });
  process.stdout.write(`${maker(benchFolder())}\n`);
}
