/**
 * Debian packages on nothing, against mmdebstrap's extraction of the same ones, from one mirror on loopback; and once
 * more with nothing changed, against a walk over what they hold.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { knownSuites, release, startDebianMirror } from '../../scripts/debian-mirror.mjs';
import { comparison } from '../bench.mjs';
import { ourCommand } from '../ours.mjs';
import { timed, untimed } from '../timed.mjs';

/**
 * @typedef {import('../bench.mjs').Contender} Contender
 * @typedef {import('../../scripts/debian-mirror.mjs').DebianMirror} DebianMirror
 */

const names = ['ca-certificates', 'tzdata', 'libssl3', 'libstdc++6', 'tini', 'busybox-static'];
const walk = resolve(import.meta.dirname, '../walk.mjs');

/**
 * With an empty store and no lock: closure, download, layer.
 * @param {'gzip' | 'none'} compression
 * @returns {Contender}
 */
function coldBuild(compression) {
  return {
    name: `layerwright build of deb:, ${compression}`,
    needs: [],
    run: async ({ bench, folder }) => {
      const { mirror } = await prepared(bench);
      writeRecipe(folder, mirror, compression);
      const { wall, cpu } = await timed(build(folder));
      return { wall, cpu };
    },
  };
}

/**
 * @param {'tar' | 'tar.gz'} extension
 * @returns {Contender}
 */
function extraction(extension) {
  return {
    name: `mmdebstrap --variant=extract, ${extension}`,
    needs: ['mmdebstrap'],
    run: async ({ bench, folder }) => {
      const { mirror } = await prepared(bench);
      const { wall, cpu } = await timed(extract(join(folder, `root.${extension}`), mirror));
      return { wall, cpu };
    },
  };
}

/** @type {Contender} */
const noChange = {
  name: 'layerwright build of deb:, no change',
  needs: [],
  run: async ({ bench }) => {
    const { folder } = await prepared(bench);
    const { wall, cpu } = await timed(build(folder));
    return { wall, cpu };
  },
};

/** @type {Contender} */
const walkOver = {
  name: 'node walk.mjs over the packages',
  needs: ['mmdebstrap'],
  run: async ({ bench }) => {
    const { folder } = await prepared(bench);
    return timed({ script: '"$1" "$2" "$3"', operands: [process.execPath, walk, join(folder, 'root')] });
  },
};

/** @type {Promise<{ folder: string, mirror: DebianMirror }> | undefined} */
let preparing;

/**
 * One mirror for all rows, which has all that will be asked for; built once and extracted once.
 * @param {import('../bench.mjs').Bench} bench
 */
function prepared(bench) {
  return (preparing ??= prepare(join(bench.work, 'debian')));
}

/** @param {string} folder */
async function prepare(folder) {
  mkdirSync(join(folder, 'root'), { recursive: true });
  const mirror = await startDebianMirror();
  writeRecipe(folder, mirror, 'gzip');
  await untimed(build(folder));
  const archive = join(folder, 'root.tar');
  await untimed(extract(archive, mirror));
  await untimed({ script: 'tar -xf "$1" -C "$2"', operands: [archive, join(folder, 'root')] });
  return { folder, mirror };
}

/**
 * @param {string} folder
 * @param {DebianMirror} mirror
 * @param {string} compression
 */
function writeRecipe(folder, { suites }, compression) {
  const mirror = suites.map(({ mirror: url, suite }) => ({ url, suite }));
  const recipe = {
    image: 'localhost/bench',
    from: 'scratch',
    platforms: ['linux/amd64'],
    compression,
    layers: [{ deb: names, mirror }],
  };
  writeFileSync(join(folder, 'oci.config.json'), JSON.stringify(recipe));
}

/** @param {string} folder */
function build(folder) {
  return ourCommand(join(folder, 'store'), ['build', '-C', folder, '-q']);
}

/**
 * @param {string} archive
 * @param {DebianMirror} mirror
 * @returns {import('../timed.mjs').Command}
 */
function extract(archive, { sources }) {
  writeFileSync(`${archive}.list`, sources);
  const argv = ['--variant=extract', '--quiet', '--architectures=amd64', `--include=${names.join()}`];
  return { script: '"$@"', operands: ['mmdebstrap', ...argv, release, archive, `${archive}.list`] };
}

/** @param {import('../bench.mjs').Bench} bench */
function whyNot({ small }) {
  if (small) return 'Debian packages are no small tree';
  if (process.getuid?.() !== 0) return 'mmdebstrap is compared as root';
  return knownSuites.length === 0 ? 'apt has no Debian sources here' : undefined;
}

export const debianComparisons = [
  comparison({
    id: 'deb-cold',
    title: 'Debian packages, cold, no compression',
    ours: coldBuild('none'),
    theirs: extraction('tar'),
    figures: [{ of: 'wall', by: 'ratio', reach: 1 }],
    whyNot,
  }),
  comparison({
    id: 'deb-cold-gzip',
    title: 'Debian packages, cold, gzip 6',
    ours: coldBuild('gzip'),
    theirs: extraction('tar.gz'),
    figures: [{ of: 'wall', by: 'ratio', reach: 1 }],
    whyNot,
  }),
  comparison({
    id: 'deb-warm',
    title: 'Debian packages, no change, against a walk',
    ours: noChange,
    theirs: walkOver,
    figures: [{ of: 'wall', by: 'ratio', reach: 2 }],
    times: 2,
    whyNot,
  }),
];
