/** The project that campaigns build again and again: its files, its build, the digest that must come of it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { output } from './built-command.mjs';

/**
 * @typedef {object} Project
 * @property {string} folder
 * @property {readonly string[]} layers names of folders, each a layer
 * @property {number} filesPerLayer
 * @property {number} fileSize bytes
 */

/**
 * Layers of files that do not compress, so that a build takes long enough to be hit anywhere.
 * @param {Project} project
 */
export async function writeProject({ folder, layers, filesPerLayer, fileSize }) {
  for (const name of layers) {
    await mkdir(join(folder, name), { recursive: true });
    for (let file = 0; file < filesPerLayer; file++)
      await writeFile(join(folder, name, `${file}.bin`), noise(`${name}${file}`, fileSize));
  }
  const items = layers.map((name) => `  - copy: ${name}\n    to: /${name}\n`).join('');
  await writeFile(
    join(folder, 'oci.config.yaml'),
    `platforms: [linux/amd64, linux/arm64]\nlayers:\n${items}`,
  );
}

/**
 * The same bytes for the same seed (xorshift).
 * @param {string} seed
 * @param {number} size
 */
function noise(seed, size) {
  let state = [...seed].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7) || 1;
  return Uint8Array.from({ length: size }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
}

/**
 * Builds, and gives the digest that stdout and the delivered layout agree on.
 * @param {{ project: string, store: string, layout: string }} places
 */
export async function buildDigest({ project, store, layout }) {
  const operands = buildOperands({ project, layout });
  const printed = await output(operands, { env: { LAYERWRIGHT_CACHE_DIR: store } });
  const { manifests } = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8'));
  if (manifests.length !== 1 || manifests[0].digest !== printed)
    throw new Error(`the build printed ${printed}, but its layout holds ${JSON.stringify(manifests)}`);
  return printed;
}

/** @param {{ project: string, layout: string, options?: readonly string[] }} what */
export function buildOperands({ project, layout, options = [] }) {
  return ['build', '-C', project, '-o', `oci:${layout}:latest`, '-q', ...options];
}
