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

/**
 * A small image, of which a walk is little more than Node's start, and one to develop in, of nearly 500 packages.
 * @type {Readonly<Record<'small' | 'large', readonly string[]>>}
 */
const sets = {
  small: ['ca-certificates', 'tzdata', 'libssl3', 'libstdc++6', 'tini', 'busybox-static'],
  large: ['build-essential', 'curl', 'git', 'nodejs', 'npm', 'python3-dev'],
};
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
      await prepared(bench, 'small');
      writeRecipe(folder, await mirrorOf(), { names: sets.small, compression });
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
      await prepared(bench, 'small');
      const archive = join(folder, `root.${extension}`);
      const { wall, cpu } = await timed(extract(archive, await mirrorOf(), sets.small));
      return { wall, cpu };
    },
  };
}

/**
 * @param {keyof typeof sets} size
 * @returns {Contender}
 */
function noChange(size) {
  return {
    name: 'layerwright build of deb:, no change',
    needs: [],
    run: async ({ bench }) => {
      const { wall, cpu } = await timed(build(await prepared(bench, size)));
      return { wall, cpu };
    },
  };
}

/**
 * @param {keyof typeof sets} size
 * @returns {Contender}
 */
function walkOver(size) {
  return {
    name: 'node walk.mjs over the packages',
    needs: ['mmdebstrap'],
    run: async ({ bench }) => {
      const root = join(await prepared(bench, size), 'root');
      return timed({ script: '"$1" "$2" "$3"', operands: [process.execPath, walk, root] });
    },
  };
}

/** @type {Promise<DebianMirror> | undefined} */
let mirror;

/** One for all rows: what was asked of it once, it has. */
function mirrorOf() {
  return (mirror ??= startDebianMirror());
}

/** @type {Map<string, Promise<string>>} */
const preparing = new Map();

/**
 * A folder whose image is built, and whose packages are extracted in `root`.
 * @param {import('../bench.mjs').Bench} bench
 * @param {keyof typeof sets} size
 */
function prepared(bench, size) {
  const folder = preparing.get(size) ?? prepare(join(bench.work, `debian-${size}`), sets[size]);
  preparing.set(size, folder);
  return folder;
}

/**
 * @param {string} folder
 * @param {readonly string[]} names
 */
async function prepare(folder, names) {
  mkdirSync(join(folder, 'root'), { recursive: true });
  writeRecipe(folder, await mirrorOf(), { names, compression: 'gzip' });
  await untimed(build(folder));
  const archive = join(folder, 'root.tar');
  await untimed(extract(archive, await mirrorOf(), names));
  await untimed({ script: 'tar -xf "$1" -C "$2"', operands: [archive, join(folder, 'root')] });
  return folder;
}

/**
 * @param {string} folder
 * @param {DebianMirror} mirror
 * @param {{ names: readonly string[], compression: string }} asked
 */
function writeRecipe(folder, { suites }, { names, compression }) {
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
 * @param {readonly string[]} names
 * @returns {import('../timed.mjs').Command}
 */
function extract(archive, { sources }, names) {
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
    ours: noChange('small'),
    theirs: walkOver('small'),
    figures: [{ of: 'wall', by: 'ratio', reach: 2 }],
    times: 2,
    whyNot,
  }),
  comparison({
    id: 'deb-warm-large',
    title: 'many Debian packages, no change, against a walk',
    ours: noChange('large'),
    theirs: walkOver('large'),
    figures: [{ of: 'wall', by: 'ratio', reach: 1 }],
    times: 2,
    whyNot,
  }),
];
