/** Projects of npm with each thing that can be wrong with them. */
import { Bug } from '../../../src/core/diagnostic/bug.ts';
import type { DiagnosticCode } from '../../../src/core/diagnostic/catalogue.ts';
import { expandRecipe } from '../../../src/core/recipe/expand-recipe.ts';
import { parseRecipe } from '../../../src/core/recipe/parse-recipe.ts';
import { noMachine } from '../../../src/io/source/machine.ts';
import { emptyStatIndex } from '../../../src/io/source/stat-index.ts';
import { takeSnapshot } from '../../../src/io/source/take-snapshot.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { createContext } from '../../io/source/sample-context.ts';
import { asLock, packageTar, sha512Of } from '../../io/source/sample-package.ts';
import type { DiagnosticCase, Made } from '../diagnostic-case.ts';

type Files = Parameters<typeof createContext>[0];

async function snapshot(files: Files): Promise<Made> {
  const text = 'image: example.org/app\nlayers:\n  - npm: .\n';
  const source = { name: 'oci.config.yaml', text };
  const recipe = parseRecipe(source);
  const targets = recipe.ok ? expandRecipe(recipe.value, { args: {}, env: {} }) : recipe;
  if (!recipe.ok || !targets.ok) throw new Bug('the recipe of this case has a mistake before its own');
  const taken = await takeSnapshot(targets.value, {
    recipe: recipe.value,
    contextFolder: createContext(files),
    store: createMemoryStore(),
    openImage: () => Promise.reject(new Bug('no image')),
    download: () => Promise.reject(new Bug('nothing is downloaded')),
    machine: noMachine,
    statIndex: emptyStatIndex(),
    signal: new AbortController().signal,
  });
  return { diagnostics: taken.ok ? taken.warnings : taken.diagnostics, source };
}

function project(code: DiagnosticCode, files: Files): DiagnosticCase {
  return { code, make: () => snapshot(files) };
}

/** A project that asks for one package, of which the lock says this. */
function locked(
  code: DiagnosticCode,
  entry: Readonly<Record<string, unknown>>,
  files: Files = {},
): DiagnosticCase {
  const dependencies = { tool: '^1.0.0' };
  const lock = asLock({ '': { dependencies }, 'node_modules/tool': { version: '1.2.3', ...entry } });
  return project(code, {
    'package.json': JSON.stringify({ dependencies }),
    'package-lock.json': lock,
    ...files,
  });
}

const tar = packageTar({ 'package.json': '{"name":"tool","version":"1.2.3"}' });
const integrity = sha512Of(Buffer.from('other bytes'));

export const npmCases: readonly DiagnosticCase[] = [
  project('npm/no-manifest', { 'index.js': '' }),
  project('npm/no-lock', { 'package.json': '{}', 'yarn.lock': '' }),
  project('npm/bad-lock', { 'package.json': '{}', 'package-lock.json': '<<<<<<< HEAD\n' }),
  project('npm/old-lock', {
    'package.json': '{}',
    'package-lock.json': '{ "lockfileVersion": 1, "dependencies": {} }',
  }),
  project('npm/out-of-step', {
    'package.json': '{ "dependencies": { "zod": "^4.0.0" } }',
    'package-lock.json': asLock({ '': { dependencies: { zod: '^3.0.0' } } }),
  }),
  locked('npm/platform', { os: ['darwin'], cpu: ['arm64'] }),
  locked('npm/no-integrity', { resolved: 'https://registry.example/tool/-/tool-1.2.3.tgz' }),
  locked('npm/no-tarball', { resolved: 'git+ssh://git@host.example/acme/tool.git#0123456' }),
  locked('npm/no-registry', { integrity }),
  locked('npm/integrity', { integrity, resolved: 'file:tool.tgz' }, { 'tool.tgz': 'these bytes' }),
  locked(
    'npm/install-scripts',
    { integrity: sha512Of(tar), resolved: 'file:tool.tgz', hasInstallScript: true },
    {
      'tool.tgz': tar,
    },
  ),
];
