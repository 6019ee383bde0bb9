/**
 * Builds one recipe under many circumstances and compares each with the first by `diff -r`: the plan, the image layout
 * and the bundle's config.json must not differ by a byte. The project is written anew for each, in another folder and
 * another order.
 *
 *     node scripts/reproducibility.mjs [NAME…]      all circumstances unless some are named
 */
import { spawnSync } from 'node:child_process';
import { copyFile, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { output, root } from './built-command.mjs';
import { importSource } from './import-source.mjs';
import { nodeOfVersion } from './node-versions.mjs';
import { projectFiles } from './reproducibility-project.mjs';

/**
 * @typedef {object} Variation
 * @property {Record<string, string>} [env]
 * @property {string} [umask]
 * @property {boolean} [touched] mtimes of another year
 * @property {boolean} [ordinaryUser]
 * @property {readonly string[]} [options] of the build
 * @property {boolean} [warm] the store has seen this build before
 * @property {string} [node] a version
 */

/** What `verify --twice` varies too. */
const { otherCircumstances } = await importSource(
  "export { otherCircumstances } from './src/cli/circumstances.ts';",
);
const { timeZone, locale, umask } = otherCircumstances;
const privateUmask = umask.toString(8).padStart(3, '0');

/** @type {Readonly<Record<string, Variation>>} */
const variations = {
  first: {},
  'another folder, with a space and an ü': {},
  'another time zone': { env: timeZone },
  'another locale': { env: locale },
  'umask 000': { umask: '000' },
  'umask 077': { umask: privateUmask },
  'touched times': { touched: true },
  'one job': { options: ['--jobs', '1'] },
  'four jobs': { options: ['--jobs', '4'] },
  'warm store': { warm: true },
  'warm store, not used': { warm: true, options: ['--no-cache'] },
  'Node 20': { node: '20.19' },
  'Node 24': { node: '24' },
  'ordinary user': { ordinaryUser: true },
  'all at once': {
    env: { ...locale, TZ: 'America/St_Johns' },
    umask: privateUmask,
    touched: true,
    options: ['--jobs', '4'],
    node: '24',
    ordinaryUser: true,
  },
};

const nobody = '65534';
const isRoot = process.getuid?.() === 0;
const named = process.argv.slice(2);
const work = await mkdtemp(join(tmpdir(), 'layerwright-reproducibility-'));
process.umask(0o022);
try {
  // An ordinary user must be able to walk to the folders below.
  spawnSync('chmod', ['755', work]);
  const files = await projectFiles();
  const first = join(work, 'first');
  for (const [name, variation] of Object.entries(variations)) {
    if (named.length > 0 && name !== 'first' && !named.includes(name)) continue;
    if (variation.ordinaryUser === true && !isRoot) {
      process.stdout.write(`skipped: ${name} (only root can become another user)\n`);
      continue;
    }
    const results = await buildUnder(name, variation, files);
    compare(name, join(first, 'results'), results);
  }
  process.stdout.write('every circumstance gave the same plan, layout and config.json\n');
} finally {
  await rm(work, { recursive: true, force: true });
}

/**
 * Writes the project, plans, builds and makes a bundle; gives the folder with what must not differ.
 * @param {string} name
 * @param {Variation} variation
 * @param {readonly import('./reproducibility-project.mjs').ProjectFile[]} files
 */
async function buildUnder(name, variation, files) {
  const folder = join(work, name);
  const project = join(folder, 'project');
  const home = join(folder, 'home');
  const results = join(folder, 'results');
  const scratch = join(folder, 'scratch');
  await writeProject(project, variation, files);
  for (const each of [home, results, scratch]) await mkdir(each);
  if (variation.ordinaryUser === true) spawnSync('chown', ['-hR', `${nobody}:${nobody}`, folder]);
  const circumstances = await circumstancesOf(variation, { folder, home });
  const run = (/** @type {readonly string[]} */ ...operands) => output([...operands, '-q'], circumstances);

  if (variation.warm === true)
    await run('build', 'service', '-C', project, '-o', `oci:${scratch}/layout:latest`);
  const options = variation.options ?? [];
  await run('plan', 'service', '-C', project, '--out', join(results, 'plan.json'));
  await run('build', 'service', '-C', project, '-o', `oci:${results}/layout:latest`, ...options);
  const recipe = ['-f', join(project, 'oci.config.yaml'), '--image', 'service'];
  const bundle = join(scratch, 'bundle');
  await run('bundle', `oci:${results}/layout:latest`, bundle, '--platform', 'linux/amd64', ...recipe);
  await copyFile(join(bundle, 'config.json'), join(results, 'config.json'));
  return results;
}

/**
 * @param {string} project
 * @param {Variation} variation
 * @param {readonly import('./reproducibility-project.mjs').ProjectFile[]} files
 */
async function writeProject(project, { umask = '022', touched = false }, files) {
  process.umask(umask);
  for (const { path, content, executable = false, link = false } of shuffled(files)) {
    const place = Buffer.concat([Buffer.from(`${project}/`), Buffer.from(path)]);
    await mkdir(place.subarray(0, place.lastIndexOf('/')), { recursive: true });
    if (link) await symlink(content, place);
    else await writeFile(place, content, { mode: executable ? 0o777 : 0o666 });
  }
  process.umask(0o022);
  if (touched) spawnSync('find', [project, '-exec', 'touch', '-h', '-d', '2031-03-04 05:06:07', '{}', '+']);
}

/**
 * @template T
 * @param {readonly T[]} items
 */
function shuffled(items) {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/**
 * @param {Variation} variation
 * @param {{ folder: string, home: string }} where
 * @returns {Promise<import('./built-command.mjs').Circumstances>}
 */
async function circumstancesOf({ env = {}, umask = '022', node, ordinaryUser = false }, { folder, home }) {
  const become = ordinaryUser ? ['setpriv', '--reuid', nobody, '--regid', nobody, '--clear-groups'] : [];
  const binary = node === undefined ? process.execPath : nodeOfVersion(node);
  return {
    env: {
      HOME: home,
      XDG_CACHE_HOME: join(home, 'cache'),
      LAYERWRIGHT_CACHE_DIR: '',
      TZ: 'UTC',
      LC_ALL: 'C',
      ...env,
    },
    prefix: ['sh', '-c', `umask ${umask} && exec "$@"`, 'sh', ...become],
    ...(ordinaryUser ? await withinReach(binary, folder) : { node: binary }),
  };
}

/**
 * An ordinary user may not look into root's folders, so Node and the command are copied to where it may.
 * @param {string} binary
 * @param {string} folder
 */
async function withinReach(binary, folder) {
  const node = join(folder, 'node');
  await copyFile(binary, node);
  await cp(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  await copyFile(join(root, 'package.json'), join(folder, 'package.json'));
  return { node, program: join(folder, 'dist/cli.js') };
}

/**
 * @param {string} name
 * @param {string} expected
 * @param {string} found
 */
function compare(name, expected, found) {
  const { status, stdout } = spawnSync('diff', ['-r', expected, found], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} differs from the first build:\n${stdout.slice(0, 4000)}`);
  process.stdout.write(`same: ${name}\n`);
}
