/** What a project is taken for, and the recipe that follows from it. */
import { describe, expect, test } from 'vitest';
import { parseRecipe } from '../../../src/core/recipe/parse-recipe.ts';
import { chooseStarter } from '../../../src/core/starter/choose-starter.ts';
import type { ProjectView } from '../../../src/core/starter/project-view.ts';
import { standingOn } from '../../../src/core/starter/starter.ts';
import { starterText } from '../../../src/core/starter/starter-text.ts';

/** Names of files with their texts; a package.json may be given as what it says. */
type Files = Readonly<Record<string, string | object>>;

function viewOf(files: Files, above?: ProjectView['above']): ProjectView {
  const texts = new Map(
    Object.entries(files).map(([name, text]) => [
      name,
      typeof text === 'string' ? text : JSON.stringify(text),
    ]),
  );
  return {
    names: () => [...texts.keys()].map((name) => name.split('/')[0] ?? name),
    kindOf: (path) => {
      if (texts.has(path)) return 'file';
      return [...texts.keys()].some((name) => name.startsWith(`${path}/`)) ? 'folder' : undefined;
    },
    textOf: (path) => texts.get(path),
    ...(above === undefined ? {} : { above }),
  };
}

function started(files: Files, above?: ProjectView['above']) {
  const view = viewOf(files, above);
  const starter = chooseStarter(view);
  const text = starterText(starter, { image: 'localhost/app' }, view);
  const parsed = parseRecipe({ name: 'oci.config.yaml', text });
  if (!parsed.ok) throw new Error(`${text}${parsed.diagnostics.map(({ message }) => message).join('\n')}`);
  const lines = text
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('#'));
  return { ...starter, text, lines, codes: starter.warnings.map(({ code }) => code) };
}

const server = { 'dist/server.js': '' };
const scripts = { start: 'node dist/server.js' };

describe('a node project', () => {
  test('has its packages in one layer and its code in another, in eight lines', () => {
    const files = { 'package.json': { scripts, dependencies: { zod: '4' } }, 'package-lock.json': '' };
    const { text, lines, codes } = started({ ...files, ...server, 'node_modules/zod/index.js': '' });
    expect(text).toBe(
      [
        'image: localhost/app',
        'from: node:22-slim',
        "user: '1000:1000'",
        'workdir: /app',
        'layers:',
        '  - { copy: node_modules, to: node_modules } # production alone: npm ci --omit=dev',
        '  - { copy: ., include: [package.json, dist] }',
        'cmd: [node, dist/server.js]',
        '',
      ].join('\n'),
    );
    expect(lines).toHaveLength(8);
    expect(codes).toEqual([]);
  });

  test.each([
    ['package-lock.json', '', 'npm ci --omit=dev'],
    ['pnpm-lock.yaml', '', 'pnpm install --prod'],
    ['yarn.lock', '', 'yarn install --production'],
    ['bun.lock', '', 'bun install --production'],
    ['bun.lockb', '', 'bun install --production'],
    ['.yarnrc.yml', 'yarn@4.5.0', 'yarn workspaces focus --production'],
    ['package-lock.json', 'pnpm@9.1.0', 'pnpm install --prod'],
  ])('with %s and packageManager %j is installed for production by %s', (file, packageManager, command) => {
    const manifest = { scripts, packageManager, dependencies: { zod: '4' } };
    expect(started({ 'package.json': manifest, [file]: '', ...server }).text).toContain(`: ${command}\n`);
  });

  test('that is neither installed nor built says both, in the order in which they work', () => {
    const manifest = { scripts: { ...scripts, build: 'tsc' }, dependencies: { zod: '4' } };
    const { codes, before } = started({ 'package.json': manifest, 'package-lock.json': '' });
    expect(codes).toEqual(['init/not-installed', 'init/not-built']);
    expect(before).toEqual(['npm ci', 'npm run build', 'npm ci --omit=dev']);
  });

  test('in yarn’s Plug’n’Play is told how to have node_modules', () => {
    const manifest = { scripts, dependencies: { zod: '4' } };
    const { codes } = started({ 'package.json': manifest, 'yarn.lock': '', '.pnp.cjs': '', ...server });
    expect(codes).toEqual(['init/plug-and-play']);
  });

  test('without dependencies has no layer of them', () => {
    expect(started({ 'package.json': { scripts }, ...server }).text).not.toContain('node_modules');
  });

  test.each([
    ['the start script', { scripts }, 'cmd: [node, dist/server.js]'],
    [
      'its flags, but those for here alone',
      { scripts: { start: 'node --watch --env-file=.env -r ./a.cjs dist/server.js --port 80' } },
      "cmd: [node, -r, ./a.cjs, dist/server.js, --port, '80']",
    ],
    [
      'what follows a build in it',
      { scripts: { start: 'npm run build && NODE_ENV=production node dist/server' } },
      'cmd: [node, dist/server.js]',
    ],
    [
      'Nest’s start:prod',
      { scripts: { start: 'nest start', 'start:prod': 'node dist/server' } },
      'cmd: [node, dist/server.js]',
    ],
    [
      'the main file of `node .`',
      { main: './dist/server.js', scripts: { start: 'node .' } },
      'cmd: [node, dist/server.js]',
    ],
    ['what tsx compiles', { scripts: { start: 'tsx src/server.ts' } }, 'cmd: [node, dist/server.js]'],
    ['bun', { scripts: { start: 'bun run dist/server.js' } }, 'cmd: [bun, dist/server.js]'],
    ['main', { main: 'dist/server.js' }, 'cmd: [node, dist/server.js]'],
    [
      'exports',
      { exports: { '.': { types: './x.d.ts', import: './dist/server.js' } } },
      'cmd: [node, dist/server.js]',
    ],
    ['a usual name', { main: 'index.js' }, 'cmd: [node, dist/server.js]'],
    [
      'its program, which takes arguments',
      { bin: { app: './dist/server.js' } },
      'entrypoint: [node, dist/server.js]',
    ],
  ])('is started by %s', (_what, manifest, line) => {
    expect(started({ 'package.json': manifest, ...server }).lines.at(-1)).toBe(line);
  });

  test('is compiled where tsconfig.json says, its comments left out of account', () => {
    const tsconfig = '{\n  // "outDir": "./",\n  "outDir": "./build", /* where it goes */\n}';
    const { text, codes } = started({ 'package.json': {}, 'tsconfig.json': tsconfig, 'src/index.ts': '' });
    expect(text).toContain('cmd: [node, build/index.js]');
    expect(codes).toEqual(['init/not-built']);
  });

  test('whose code stands at the top is copied without what is no code', () => {
    const files = { 'package.json': {}, 'server.js': '', 'test/a.test.js': '', Dockerfile: '' };
    expect(started(files).text).toContain(
      '{ copy: ., exclude: [.*, oci.config.*, oci.lock, node_modules, Dockerfile, test] }',
    );
  });

  test('takes the folders along that a server reads', () => {
    expect(
      started({ 'package.json': { scripts }, ...server, 'public/a.css': '', 'views/a.ejs': '' }).text,
    ).toContain('include: [package.json, dist, public, views]');
  });

  test('that nothing says how to start has no cmd, and says so', () => {
    const { text, codes } = started({ 'package.json': {} });
    expect(text).not.toContain('cmd:');
    expect(codes).toEqual(['init/no-entry']);
  });

  test('never starts anything outside of it', () => {
    expect(
      started({ 'package.json': { main: '../x.js', scripts: { start: 'node /etc/x.js' } } }).codes,
    ).toEqual(['init/no-entry']);
  });

  test.each([
    ['>=20.19', 22],
    ['^20.0.0', 20],
    ['>=18 <21', 20],
    ['20.x || 24.x', 24],
    ['18 - 20', 20],
    ['>22.0.0', 22],
    ['>22', 24],
    ['~25.1', 25],
    ['*', 22],
    ['latest', 22],
  ])('with engines.node %j stands on Node %i', (node, major) => {
    const { from } = started({ 'package.json': { scripts, engines: { node } }, ...server });
    expect(from).toBe(`node:${String(major)}-slim`);
  });

  test('stands on the Node of .nvmrc', () => {
    expect(started({ 'package.json': { scripts }, '.nvmrc': 'v24.1.0\n', ...server }).from).toBe(
      'node:24-slim',
    );
  });

  test('is called as its repository on GitHub', () => {
    const url = 'git+https://github.com/Acme/Api.git';
    expect(started({ 'package.json': { scripts, repository: { url } }, ...server }).name).toBe(
      'ghcr.io/acme/api',
    );
    expect(started({ 'package.json': { scripts, name: '@acme/api' }, ...server }).name).toBe('@acme/api');
  });

  test('whose package.json is broken is an error', () => {
    expect(() => started({ 'package.json': '{' })).toThrow('package.json is no JSON object');
  });
});

/** The lock of a project that needs zod, which is as `zod` says. */
function lockOf(zod: object, more: object = {}): string {
  const entry = { version: '4.0.0', integrity: 'sha512-AAAA', ...zod };
  const packages = { '': { dependencies: { zod: '4' } }, 'node_modules/zod': entry, ...more };
  return JSON.stringify({ lockfileVersion: 3, packages });
}

describe('a project with a lock of npm', () => {
  const manifest = { scripts: { ...scripts, build: 'tsc' }, dependencies: { zod: '4' } };
  const withLock = (lock: string): Files => ({ 'package.json': manifest, 'package-lock.json': lock });

  test('takes its packages from the lock, and needs none installed for it', () => {
    const { text, codes, before } = started({ ...withLock(lockOf({})), ...server });
    expect(text).toContain('layers:\n  - npm: .\n  - { copy: ., include: [dist] }\ncmd:');
    expect([codes, before]).toEqual([[], []]);
  });

  test('is installed to be built, and not again for production', () => {
    expect(started(withLock(lockOf({}))).before).toEqual(['npm ci', 'npm run build']);
  });

  test.each([
    [
      'an install script',
      lockOf({ hasInstallScript: true }),
      '# zod has an install script, which `npm` would not run; production alone: npm ci --omit=dev',
    ],
    [
      'a repository of git in place of a tarball',
      lockOf({ integrity: undefined, resolved: 'git+ssh://git@example.com/a/zod.git#1' }),
      '# zod has no tarball that `npm` could verify; production alone: npm ci --omit=dev',
    ],
    ['no `packages`, as npm 6 wrote it', '{ "lockfileVersion": 1 }', '# production alone: npm ci --omit=dev'],
  ])('keeps a copy where there is %s', (_what, lock, note) => {
    const { text } = started({ ...withLock(lock), ...server });
    expect(text).toContain(`  - { copy: node_modules, to: node_modules } ${note}\n`);
  });

  test('an install script that production does not need is no reason', () => {
    const lock = lockOf(
      {},
      { 'node_modules/esbuild': { version: '1.0.0', dev: true, hasInstallScript: true } },
    );
    expect(started({ ...withLock(lock), ...server }).text).toContain('- npm: .\n');
  });

  test('of another manager is copied', () => {
    const files = { ...withLock(lockOf({})), 'package.json': { ...manifest, packageManager: 'pnpm@9.1.0' } };
    expect(started({ ...files, ...server }).text).toContain('copy: node_modules');
  });

  test('follows another base to its library of C', () => {
    const view = viewOf({ ...withLock(lockOf({})), ...server });
    const starter = standingOn(chooseStarter(view), 'node:22-alpine');
    expect(starterText(starter, { image: 'app' }, view)).toContain('  - { npm: ., libc: musl }\n');
  });
});

describe('a workspace of npm', () => {
  const manifest = { name: '@acme/api', scripts: { ...scripts, build: 'tsc' }, dependencies: { zod: '4' } };
  const project = { dependencies: { zod: '4' } };
  const rootOf = (zod: object, more: Files = {}) => {
    const lock = lockOf(zod, { 'packages/api': project });
    return { view: viewOf({ 'package-lock.json': lock, ...more }), folder: 'packages/api' };
  };

  test('takes the folder of its lock for the context, and its own files from where they stand there', () => {
    const { text, seen, codes, before } = started({ 'package.json': manifest, ...server }, rootOf({}));
    expect(text).toBe(
      [
        'image: localhost/app',
        'context: ../..',
        'from: node:22-slim',
        "user: '1000:1000'",
        'workdir: /app',
        'layers:',
        '  - npm: packages/api',
        '  - { copy: packages/api, include: [dist] }',
        'cmd: [node, dist/server.js]',
        '',
      ].join('\n'),
    );
    expect(seen[0]).toBe('../../package-lock.json');
    expect([codes, before]).toEqual([[], []]);
  });

  test('is installed to be built where the packages of its root are not there', () => {
    expect(started({ 'package.json': manifest }, rootOf({})).before).toEqual(['npm ci', 'npm run build']);
    const installed = rootOf({}, { 'node_modules/zod/index.js': '' });
    expect(started({ 'package.json': manifest }, installed).before).toEqual(['npm run build']);
  });

  test('is a layer of packages with an install script too, which a comment names', () => {
    const { text } = started({ 'package.json': manifest, ...server }, rootOf({ hasInstallScript: true }));
    expect(text).toContain('  - npm: packages/api # zod has an install script, which `npm` would not run\n');
  });

  test('is told of what the .dockerignore of its context hides', () => {
    const files = { 'package.json': manifest, ...server, '.dockerignore': 'dist\n' };
    expect(started(files, rootOf({})).text).not.toContain('ignore: false');
    expect(started(files, rootOf({}, { '.dockerignore': '**/dist\n' })).text).toContain(
      '  - { copy: packages/api, include: [dist], ignore: false }\n',
    );
  });

  test.each([
    ['a site', { 'package.json': { devDependencies: { vite: '7' } }, 'index.html': '' }],
    ['without packages', { 'package.json': { scripts }, ...server }],
  ])('%s is content with its own folder', (_what, files) => {
    expect(started(files, rootOf({})).text).not.toContain('context:');
  });

  test('that the lock above does not know is none', () => {
    const view = viewOf({ 'package-lock.json': lockOf({}) });
    const { text } = started({ 'package.json': manifest, ...server }, { view, folder: 'packages/api' });
    expect(text).not.toContain('context:');
    expect(text).toContain('copy: node_modules');
  });

  test('is what the root of a repository without a start is asked about', () => {
    const { warnings } = started({ 'package.json': { workspaces: ['packages/*'] } });
    expect(warnings.map(({ help }) => help)).toEqual([
      'the image of a workspace has a recipe in its own folder: layerwright init FOLDER',
    ]);
  });
});

describe('a framework', () => {
  test('next is started from its packages, without its cache', () => {
    const manifest = { scripts: { start: 'next start', build: 'next build' }, dependencies: { next: '15' } };
    const { text } = started({
      'package.json': manifest,
      '.next/BUILD_ID': '',
      'public/a.png': '',
      'node_modules/next/x': '',
    });
    expect(text).toContain('include: [package.json, next.config.*, .next, public], exclude: [.next/cache] }');
    expect(text).toContain('cmd: [node, node_modules/next/dist/bin/next, start]');
  });

  test('next with a lock of npm takes the packages from it', () => {
    const manifest = { scripts: { build: 'next build' }, dependencies: { zod: '4', next: '15' } };
    const next = { 'node_modules/next': { version: '15.0.0', integrity: 'sha512-AAAA' } };
    const files = { 'package.json': manifest, 'package-lock.json': lockOf({}, next), '.next/BUILD_ID': '' };
    const { text, codes } = started(files);
    expect(text).toContain('  - npm: .\n  - { copy: ., include: [next.config.*, .next], exclude:');
    expect(codes).toEqual([]);
  });

  test('nuxt brings its packages in its output', () => {
    const manifest = { scripts: { build: 'nuxt build' }, dependencies: { nuxt: '3' } };
    const { text, codes } = started({ 'package.json': manifest });
    expect(text).toContain('layers:\n  - { copy: .output, to: .output }\n');
    expect(codes).toEqual(['init/not-built']);
  });

  test('vite builds a site, which needs no packages', () => {
    const manifest = {
      scripts: { start: 'vite', build: 'vite build' },
      devDependencies: { vite: '7' },
      dependencies: { react: '19' },
    };
    const { text, before } = started({ 'package.json': manifest, 'index.html': '' });
    expect(text).toContain('layers:\n  - { copy: dist, to: /www }\n');
    expect(before).toEqual(['npm install', 'npm run build']);
  });
});

describe('anything else', () => {
  test.each(['public', 'dist', '_site'])(
    'a page in %s is a site, served without root in eight lines',
    (folder) => {
      const { text, lines } = started({ [`${folder}/index.html`]: '' });
      expect(text).toBe(
        [
          'image: localhost/app',
          'from: busybox:1.37',
          "user: '65534:65534'",
          'layers:',
          `  - { copy: ${folder}, to: /www }`,
          'ports: [8080]',
          "cmd: [httpd, -f, -v, -p, '8080', -h, /www]",
          '',
        ].join('\n'),
      );
      expect(lines.length).toBeLessThanOrEqual(8);
    },
  );

  test('a package.json beside a page does not make it a server', () => {
    expect(started({ 'package.json': { name: 'site', main: 'index.js' }, 'index.html': '' }).project).toBe(
      'static site',
    );
  });

  test('a folder is copied as it is, on nothing', () => {
    expect(started({ hello: '' }).text).toContain(
      'from: scratch\nlayers:\n  - { copy: ., exclude: [.*, oci.config.*, oci.lock] }\n',
    );
  });

  test.each([{}, { '.git/HEAD': '', 'oci.config.yaml': '', 'oci.lock': '' }])(
    'a folder without anything to copy is said to have to be filled before a build: %j',
    (files) => {
      expect(started(files).codes).toEqual(['init/not-built']);
      expect(started({ ...files, hello: '' }).codes).toEqual([]);
    },
  );
});

test('what .dockerignore hides is copied all the same', () => {
  const files = {
    'package.json': { scripts, dependencies: { zod: '4' } },
    'node_modules/zod/x': '',
    ...server,
  };
  const { text } = started({ ...files, '.dockerignore': 'node_modules\ndist/*\n!dist\n' });
  expect(text).toContain('{ copy: node_modules, to: node_modules, ignore: false }');
  expect(text).toContain('{ copy: ., include: [package.json, dist] }');
});

test('names that YAML would read as something else are quoted', () => {
  const { text } = started({
    'package.json': { scripts: { start: 'node true/1.js - yes no 0x1f #x a:' } },
    'true/1.js': '',
  });
  const line = "cmd: [node, true/1.js, '-', yes, no, '0x1f', '#x', 'a:']";
  expect(text).toContain(line);
});
