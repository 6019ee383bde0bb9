/** Recipes whose images could be built, and hold what is seldom meant. */
import { Bug } from '../../../src/core/diagnostic/bug.ts';
import type { DiagnosticCode } from '../../../src/core/diagnostic/catalogue.ts';
import { pinDiagnostics } from '../../../src/core/lint/pin-rules.ts';
import { expandRecipe } from '../../../src/core/recipe/expand-recipe.ts';
import { parseRecipe } from '../../../src/core/recipe/parse-recipe.ts';
import { pinRequests } from '../../../src/core/recipe/lock/pin-request.ts';
import { lintProject, type ProjectFiles } from '../../rigs/linted-project.ts';
import type { DiagnosticCase, Made } from '../diagnostic-case.ts';

const rest = ["user: '10001:10001'", 'cmd: [node, dist/server.js]'];
const copy = ['image: ghcr.io/acme/api', 'layers:', '  - copy: dist', '    to: dist', ...rest];

function linting(code: DiagnosticCode, recipe: readonly string[], files: ProjectFiles = {}): DiagnosticCase {
  return { code, make: () => lintProject(recipe, files) };
}

/** A recipe on a base of a registry, which oci.lock does not pin. */
function standingOn(code: DiagnosticCode, base: string): DiagnosticCase {
  return unpinned(code, [`from: ${base}`, 'layers: [{ copy: dist }]']);
}

/** A recipe without oci.lock. */
function unpinned(code: DiagnosticCode, lines: readonly string[]): DiagnosticCase {
  const text = ['image: ghcr.io/acme/api', ...lines, ''].join('\n');
  const source = { name: 'oci.config.yaml', text };
  const make = (): Made => {
    const recipe = parseRecipe(source);
    const targets = recipe.ok ? expandRecipe(recipe.value, { args: {}, env: {} }) : recipe;
    if (!recipe.ok || !targets.ok) throw new Bug('the recipe of this case has a mistake before its own');
    const asked = pinRequests(targets.value);
    return { diagnostics: pinDiagnostics({ asked, missing: asked }, recipe.value), source };
  };
  return { code, make };
}

const hiddenLock = JSON.stringify({
  packages: { 'node_modules/zod': {}, 'node_modules/typescript': { dev: true } },
});
const gzipped = new Uint8Array([0x1f, 0x8b, 8, 0, 0x40, 0xef, 0x7d, 0x69, 0, 3]);
const bytecode = new Uint8Array([0xcb, 0x0d, 0x0d, 0x0a, 0, 0, 0, 0, 0x40, 0xef, 0x7d, 0x69, 4, 0, 0, 0]);

export const lintCases: readonly DiagnosticCase[] = [
  linting('lint/root-user', ['layers: [{ file: /a, content: b }]', 'cmd: [node]']),
  linting('lint/no-command', ['image: ghcr.io/acme/api', 'layers: [{ file: /a, content: b }]']),
  standingOn('lint/unpinned-base', 'node:22-slim'),
  unpinned('lint/unpinned-source', [
    'layers:',
    '  - { fetch: https://example.com/tool, to: /usr/bin/tool }',
    '  - { deb: [tini, tzdata], suite: bookworm }',
  ]),
  standingOn('lint/latest-base', 'node'),
  linting('lint/secret', ['layers: [{ file: /a, content: b }]', 'env: { DB_PASSWORD: hunter2 }', ...rest]),
  linting('lint/world-writable', ['layers:', '  - dir: /var/lib/api', '    mode: "0777"', ...rest]),
  linting('lint/setuid', ['layers:', '  - { file: /bin/su, content: x, mode: "4755" }', ...rest]),
  linting('lint/development-package', ['layers: [{ copy: node_modules, to: node_modules }]', ...rest], {
    'node_modules/.package-lock.json': hiddenLock,
    'node_modules/zod/package.json': '{}',
    'node_modules/typescript/package.json': '{}',
  }),
  linting('lint/leftover', copy, {
    'dist/.DS_Store': '',
    'dist/a.tsbuildinfo': '',
    'dist/b.tsbuildinfo': '',
  }),
  linting('lint/build-path', copy, { 'dist/server.js.map': '{"sources":["FOLDER/src/server.ts"]}' }),
  linting('lint/build-time', copy, { 'dist/server.js': 'var built = "2026-01-31T11:59:58.123Z";' }),
  linting('lint/archive-time', copy, { 'dist/a.js.gz': gzipped }),
  linting('lint/bytecode-time', copy, { 'dist/a.pyc': bytecode }),
];
