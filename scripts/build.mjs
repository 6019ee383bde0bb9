/**
 * Makes dist/: the library as plain ESM with its types (tsc), and the command bundled with what it uses (esbuild): a
 * small cli.js, and beside it what each command loads when it is called. The new folder takes the old one's place in
 * one step at the end, so that a failed build leaves the old one as it was.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { build } from 'esbuild';
import './build-encoder.mjs';
import './build-report.mjs';
import { loadedBy, mergeChunks } from './merge-chunks.mjs';

const root = resolve(import.meta.dirname, '..');
const next = join(root, `dist.${process.pid}`);

/**
 * Loaded where it is installed: a native module cannot be bundled, openpgp's licence (LGPL) wants it to stay
 * exchangeable, and cosmiconfig asks for loaders only where it is given none; it is given ours.
 */
const external = ['@napi-rs/xattr', 'openpgp', 'typescript', 'js-yaml', 'parse-json', 'import-fresh'];

/** Commands that read no recipe, and must not load what reads one. */
const withoutRecipe = ['bundle', 'cache', 'copy', 'inspect', 'ls'];

/** Bundled CommonJS asks for Node's own modules by require, which ESM does not have. */
const requireBanner = [
  "import { createRequire as createRequireOfBundle } from 'node:module';",
  'const require = createRequireOfBundle(import.meta.url);',
].join('\n');

/**
 * What the bundled command has of undici: its agents, put together as undici's index.js does. The package's own entry
 * also loads fetch, WebSocket, caches and mocks, which takes as long again as all else that a push loads.
 */
const agentsOfUndici = `
  const Dispatcher = require('undici/lib/dispatcher/dispatcher');
  Object.assign(Dispatcher.prototype, require('undici/lib/api'));
  exports.Agent = require('undici/lib/dispatcher/agent');
  exports.EnvHttpProxyAgent = require('undici/lib/dispatcher/env-http-proxy-agent');
  exports.Pool = require('undici/lib/dispatcher/pool');
`;

/** @type {import('esbuild').Plugin} */
const undiciPlugin = {
  name: 'agents of undici',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'agents' }));
    onLoad({ filter: /^undici$/, namespace: 'agents' }, () => ({
      contents: agentsOfUndici,
      resolveDir: root,
    }));
  },
};

try {
  await mkdir(next);
  emitLibrary();
  const bundled = await bundleCommand();
  await bundleWorkers();
  await writeFile(join(next, 'THIRD-PARTY-LICENSES.txt'), await licences(bundled));
  await takePlace();
} finally {
  await rm(next, { recursive: true, force: true });
}

function emitLibrary() {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const arguments_ = [tsc, '-p', 'tsconfig.build.json', '--outDir', next];
  const { status } = spawnSync(process.execPath, arguments_, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

/** @returns {Promise<readonly string[]>} the folders of the packages that went into the file, sorted */
async function bundleCommand() {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { cli: 'src/cli/main.ts' },
    outdir: next,
    chunkNames: 'command/[name]-[hash]',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    external,
    plugins: [undiciPlugin],
    metafile: true,
    logLevel: 'warning',
    legalComments: 'none',
  });
  const command = join(next, 'cli.js');
  await mergeStart(metafile.outputs);
  await writeFile(command, `#!/usr/bin/env node\n${await readFile(command, 'utf8')}`);
  await chmod(command, 0o755);
  const folders = Object.keys(metafile.inputs).flatMap((file) => packageFolder(file) ?? []);
  return [...new Set(folders)].sort();
}

/** One file each, which holds nothing but what the thread needs: every thread reads and compiles its own. */
async function bundleWorkers() {
  await build({
    absWorkingDir: root,
    entryPoints: {
      'layer-worker': 'src/io/layer/layer-worker.ts',
      'digest-worker': 'src/io/source/digest-worker.ts',
    },
    outdir: next,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    external,
    logLevel: 'warning',
    legalComments: 'none',
    banner: { js: requireBanner },
  });
}

/**
 * Three joined files: what every call loads beside cli.js; what of a build's code commands without a recipe use too;
 * and the rest of what a build loads.
 * @param {import('esbuild').Metafile['outputs']} outputs
 */
async function mergeStart(outputs) {
  const bundle = { root, outputs: new Map(Object.entries(outputs)) };
  const folder = basename(next);
  const loadedByCommand = (/** @type {string} */ name) => {
    const source = `src/cli/commands/${name}.ts`;
    const entry = Object.keys(outputs).find((file) => outputs[file]?.entryPoint === source);
    if (entry === undefined) throw new Error(`${source} is no entry of the bundle`);
    return loadedBy(bundle, entry);
  };
  const start = loadedBy(bundle, `${folder}/cli.js`);
  const building = [...loadedByCommand('build')].filter((file) => !start.has(file));
  const elsewhere = new Set(withoutRecipe.flatMap((name) => [...loadedByCommand(name)]));
  const merged = {
    start: [...start],
    common: building.filter((file) => elsewhere.has(file)),
    building: building.filter((file) => !elsewhere.has(file)),
  };
  for (const [name, files] of Object.entries(merged)) {
    const pieces = files.filter((file) => file.startsWith(`${folder}/command/chunk-`));
    await mergeChunks(bundle, pieces, `${folder}/command/${name}.js`);
  }
  await addRequire(join(next, 'command/start.js'));
}

/**
 * Only esbuild's own helpers ask for `require`, and they are loaded with the start.
 * @param {string} file
 */
async function addRequire(file) {
  await writeFile(file, `${requireBanner}\n${await readFile(file, 'utf8')}`);
}

/** @param {string} file */
function packageFolder(file) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}

/** The bundled packages' own licences, which most of them ask to travel with their code.
 * @param {readonly string[]} folders
 */
async function licences(folders) {
  const parts = await Promise.all(
    folders.map(async (folder) => {
      const { name, version, license } = JSON.parse(
        await readFile(join(root, folder, 'package.json'), 'utf8'),
      );
      const file = (await readdir(join(root, folder))).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? '' : await readFile(join(root, folder, file), 'utf8');
      return `${name} ${version} (${license})\n\n${text.trim()}\n`;
    }),
  );
  return `dist/cli.js and dist/command/ hold code of these packages.\n\n${parts.join('\n----\n\n')}`;
}

async function takePlace() {
  const dist = join(root, 'dist');
  const old = `${next}.old`;
  if (existsSync(dist)) await rename(dist, old);
  await rename(next, dist);
  await rm(old, { recursive: true, force: true });
}
