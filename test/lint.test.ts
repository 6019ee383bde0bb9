/** Which files of a layer are judged, by which rules, and how many of them become one finding. */
import { expect, test } from 'vitest';
import { formatDiagnostics } from '../src/core/diagnostic/format-diagnostic.ts';
import { lintProject, type ProjectFiles } from './rigs/linted-project.ts';

const rest = ["user: '1000'", 'cmd: [node]'];
const copyAll = ['layers: [{ copy: ., exclude: [oci.config.yaml], allowSecrets: [keys/**] }]', ...rest];

async function found(recipe: readonly string[], files: ProjectFiles = {}): Promise<string[]> {
  const { diagnostics } = await lintProject(recipe, files);
  return diagnostics.map(({ code, message }) => `${code} ${message}`);
}

test('an ordinary project has nothing to say', async () => {
  const files = {
    'package.json': '{ "devDependencies": { "typescript": "5" } }',
    'node_modules/zod/package.json': '{}',
    'dist/server.js': 'export const since = "2020-01-01T00:00:00Z"; // see /usr/src/app',
    'CHANGELOG.md': '2026-01-31: first release',
  };
  expect(await found(copyAll, files)).toEqual([]);
});

test('many files with one fault are one finding', async () => {
  const names = Array.from({ length: 20 }, (_, index) => [`dist/${String(index)}.tsbuildinfo`, '']);
  expect(await found(copyAll, Object.fromEntries(names) as ProjectFiles)).toEqual([
    'lint/leftover an image has no use for `dist/0.tsbuildinfo`, `dist/1.tsbuildinfo`, `dist/10.tsbuildinfo` and 17 more',
  ]);
});

test('packages of others are taken as they are, but for what was compiled here', async () => {
  const files = {
    'node_modules/a/.idea/x': '',
    'node_modules/a/time.js': '2026-01-31T11:59:59Z',
    'node_modules/a/key.js': 'AKIA' + 'ABCDEFGHIJKLMNOP',
    'node_modules/a/build/config.gypi': 'FOLDER/node_modules/a',
    'node_modules/.cache/x': '',
  };
  expect(await found(copyAll, files)).toEqual([
    'lint/leftover an image has no use for `node_modules/.cache`',
    expect.stringMatching(/^lint\/build-path .* `node_modules\/a\/build\/config.gypi`$/),
  ]);
});

test('secrets that the recipe allows are meant', async () => {
  const key = '-----BEGIN PRIVATE ' + `KEY-----\n${'A'.repeat(64)}\n`;
  expect(await found(copyAll, { 'keys/test.txt': key, 'other.txt': key })).toEqual([
    'lint/secret what looks like a private key stands in `other.txt`',
  ]);
});

test('without npm’s own list, package.json says what is for development', async () => {
  const manifest = {
    dependencies: { zod: '4' },
    devDependencies: { '@types/node': '22', zod: '4', eslint: '9' },
  };
  const files = {
    'package.json': JSON.stringify(manifest),
    'node_modules/@types/node/package.json': '{}',
    'node_modules/zod/package.json': '{}',
  };
  expect(await found(copyAll, files)).toEqual([
    'lint/development-package only the development of the project needs `@types/node`',
  ]);
});

test('a sticky folder and a setgid folder are as they should be', async () => {
  const layers = ['layers:', '  - { dir: /tmp, mode: "1777" }', '  - { dir: /srv, mode: "2775" }'];
  expect(await found([...layers, ...rest])).toEqual([]);
});

test('an image that others stand on need not start anything', async () => {
  const images = ['images:', '  base: {}', '  api: { from: "image:base", cmd: [node], user: "1000" }'];
  expect(await found(['layers: [{ file: /a, content: b }]', ...images])).toEqual([]);
});

test('a recipe without a plan has its own problems alone', async () => {
  expect(await found(['layers: [{ copy: nowhere }]', 'cmd: [node]'])).toEqual([
    'source/missing `nowhere` is not in the context',
  ]);
});

test('a secret of the recipe is named with its place and never shown', async () => {
  const token = `npm_${'a1'.repeat(18)}`;
  const recipe = [`layers: [{ file: /a, content: ${token} }]`, 'env: { DB_PASSWORD: hunter2 }', ...rest];
  const { diagnostics, source } = await lintProject(recipe);
  const text = formatDiagnostics(diagnostics, source);
  expect(diagnostics.map(({ code }) => code)).toEqual(['lint/secret', 'lint/secret']);
  expect(text).toContain(' --> oci.config.yaml:2:21\n');
  expect(text).toContain(' --> oci.config.yaml:1:');
  expect(text).not.toContain('hunter2');
  expect(text).not.toContain(token);
});

/** A project with two packages of its own folders, which need no registry. */
function npmProject(folder: string): ProjectFiles {
  const manifest = { name: 'app', dependencies: { lib: 'file:lib' }, devDependencies: { tool: 'file:tool' } };
  const packages = {
    '': manifest,
    lib: { version: '1.0.0' },
    tool: { version: '1.0.0', dev: true },
    'node_modules/lib': { resolved: 'lib', link: true },
    'node_modules/tool': { resolved: 'tool', link: true, dev: true },
  };
  return {
    [`${folder}package.json`]: JSON.stringify(manifest),
    [`${folder}package-lock.json`]: JSON.stringify({ name: 'app', lockfileVersion: 3, packages }),
    [`${folder}lib/package.json`]: JSON.stringify({ name: 'lib', version: '1.0.0' }),
    [`${folder}tool/package.json`]: JSON.stringify({ name: 'tool', version: '1.0.0' }),
  };
}

test('an npm layer that keeps development packages is said to, and one that omits them is not', async () => {
  const said = ['lint/development-package only the development of the project needs `tool`'];
  for (const folder of ['', 'services/api/']) {
    const files = npmProject(folder);
    const source = folder === '' ? '.' : folder;
    expect(await found([`layers: [{ npm: ${source}, omit: [] }]`, ...rest], files)).toEqual(said);
    expect(await found([`layers: [{ npm: ${source} }]`, ...rest], files)).toEqual([]);
  }
});

test('packages of an npm layer whose install scripts are not run are named', async () => {
  const files = npmProject('');
  const lock = JSON.parse(String(files['package-lock.json'])) as { packages: Record<string, object> };
  lock.packages['node_modules/lib'] = { version: '1.0.0', resolved: 'file:lib', hasInstallScript: true };
  const changed = { ...files, 'package-lock.json': JSON.stringify(lock) };
  expect(await found(['layers: [{ npm: . }]', ...rest], changed)).toEqual([
    'npm/install-scripts install scripts are not run: `lib@1.0.0` has one',
  ]);
});
