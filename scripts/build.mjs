/**
 * Makes dist/: the library as plain ESM with its types (tsc), and the command bundled with what it uses (esbuild): a
 * small cli.js, and beside it what each command loads when it is called. The new folder takes the old one's place in
 * one step at the end, so that a failed build leaves the old one as it was.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const next = join(root, `dist.${process.pid}`);

/** Loaded where it is installed: a native module cannot be bundled, and cosmiconfig asks for a compiler we never use. */
const external = ['@napi-rs/xattr', 'typescript'];

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
    banner: { js: requireBanner },
  });
  const command = join(next, 'cli.js');
  await writeFile(command, `#!/usr/bin/env node\n${await readFile(command, 'utf8')}`);
  await chmod(command, 0o755);
  const folders = Object.keys(metafile.inputs).flatMap((file) => packageFolder(file) ?? []);
  return [...new Set(folders)].sort();
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
