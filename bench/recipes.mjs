/** The recipes that we build, written beside what they build. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const head = `image: localhost/bench
from: scratch
platforms: [linux/amd64]
`;
const tree = `layers:
  - copy: node_modules
    to: /node_modules
`;
const changing = `${tree}  - copy: changing
    to: /changing
`;
const file = `layers:
  - copy: large.bin
    to: /large.bin
`;

/** @param {string} folder that holds node_modules */
export function writeTreeRecipes(folder) {
  mkdirSync(join(folder, 'changing'), { recursive: true });
  writeChanging(folder, 'at first');
  const recipes = {
    'gzip-6': compressed('gzip', 6) + tree,
    'gzip-1': compressed('gzip', 1) + tree,
    'zstd-3': compressed('zstd', 3) + tree,
    changing: compressed('gzip', 6) + changing,
  };
  for (const [name, text] of Object.entries(recipes))
    writeFileSync(join(folder, `${name}.yaml`), head + text);
}

/** @param {string} folder that holds large.bin */
export function writeFileRecipe(folder) {
  writeFileSync(join(folder, 'large-file.yaml'), head + compressed('gzip', 6) + file);
}

/**
 * The one small file that stands in a layer of its own.
 * @param {string} folder
 * @param {string} content
 */
export function writeChanging(folder, content) {
  writeFileSync(join(folder, 'changing/file.js'), `export const content = ${JSON.stringify(content)};\n`);
}

/**
 * @param {string} type
 * @param {number} level
 */
function compressed(type, level) {
  return `compression: { type: ${type}, level: ${level} }\n`;
}
