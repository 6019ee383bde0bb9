import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../src/core/diagnostic/catalogue.ts';
import type { Diagnostic } from '../../../src/core/diagnostic/diagnostic.ts';
import { DiagnosticsError, Failure } from '../../../src/core/diagnostic/failure.ts';
import type { NpmRequest, SourceTree } from '../../../src/core/plan/snapshot.ts';
import { readNpmSource } from '../../../src/io/source/npm-source.ts';
import { downloader } from '../../../src/io/source/pin-resolvers.ts';
import { createProblemCollector } from '../../../src/io/source/problem-collector.ts';
import type { ReadPlace } from '../../../src/io/source/read-place.ts';
import type { Reading } from '../../../src/io/source/reading.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import type { Store } from '../../../src/io/store/store.ts';
import { type RecordingListener, type Respond, startListener } from '../../rigs/recording-listener.ts';
import { makeHarness, never, stopLater } from '../../rigs/registry-harness.ts';
import { createContext, createReading, temporaryFolder } from './sample-context.ts';
import { asLock, packageTar, type PackedFile, sha512Of } from './sample-package.ts';

type Files = Parameters<typeof createContext>[0];

interface Scene {
  readonly store: Store;
  readonly home: string;
  readonly read: (context: string, asked?: Partial<NpmRequest>) => Promise<Read>;
}

interface Read {
  readonly trees: readonly SourceTree[] | undefined;
  readonly found: readonly Diagnostic[];
  readonly places: readonly ReadPlace[];
}

/** A computer with this ~/.npmrc. */
function scene(npmrc = ''): Scene {
  const store = createMemoryStore();
  const home = temporaryFolder();
  writeFileSync(join(home, '.npmrc'), npmrc);
  const { client } = makeHarness();
  const machine = { home, env: { NPM_TOKEN: 't0ken' }, aptFolder: '/dev/null', keyringFolders: [] };
  const download = downloader({ store, registries: client, signal: never });
  return {
    store,
    home,
    read: async (context, asked = {}) => {
      const places: ReadPlace[] = [];
      const reading = createReading(context, {
        store,
        machine,
        download,
        onRead: (place) => places.push(place),
      });
      return { ...(await readAll(reading, asked)), places };
    },
  };
}

const noRecipe = { source: { name: '', text: '' }, places: { values: new Map(), keys: new Map() } };

async function readAll(reading: Reading, asked: Partial<NpmRequest>): Promise<Omit<Read, 'places'>> {
  const collector = createProblemCollector(noRecipe);
  const problems = collector.at('');
  const platform = { os: 'linux', architecture: 'amd64' };
  const request: NpmRequest = { kind: 'npm', source: '.', platform, omit: ['dev'], libc: 'glibc', ...asked };
  try {
    const trees = await readNpmSource(request, { reading, problems });
    return { trees, found: collector.found() };
  } catch (error) {
    if (error instanceof DiagnosticsError) return { trees: undefined, found: error.diagnostics };
    if (!(error instanceof Failure)) throw error;
    problems.failed(error);
    return { trees: undefined, found: collector.found() };
  } finally {
    reading.gate.close();
  }
}

/** `PATH MODE`, `PATH -> TARGET` or `PATH/`. */
function listing(trees: readonly SourceTree[] | undefined): string[] {
  return (trees ?? []).flatMap(({ tree }) =>
    tree.entries.map((entry) => {
      if (entry.type === 'symlink') return `${entry.path} -> ${entry.target}`;
      return entry.type === 'file' ? `${entry.path} ${entry.mode.toString(8)}` : `${entry.path}/`;
    }),
  );
}

/** A project that needs the packages with these files. */
function project(packages: Readonly<Record<string, Packed>>, more: Files = {}): string {
  const names = Object.keys(packages);
  const dependencies = Object.fromEntries(names.map((name) => [name, '*']));
  const entries = Object.entries(packages).map(([name, { bytes, ...entry }]) => [
    `node_modules/${name}`,
    { version: '1.0.0', integrity: sha512Of(bytes), ...entry },
  ]);
  return createContext({
    'package.json': JSON.stringify({ name: 'app', dependencies }),
    'package-lock.json': asLock({ '': { name: 'app', dependencies }, ...Object.fromEntries(entries) }),
    ...more,
  });
}

type Packed = { readonly bytes: Buffer } & Readonly<Record<string, unknown>>;

function packed(files: Readonly<Record<string, PackedFile>>, entry: object = {}, top?: string): Packed {
  return { bytes: packageTar(files, top), ...entry };
}

async function registry(respond: Respond): Promise<RecordingListener> {
  return stopLater(await startListener(respond));
}

/** Lays bytes where npm keeps them. */
function putInCache(home: string, bytes: Buffer, name = bytes): void {
  const hex = createHash('sha512').update(name).digest('hex');
  const file = join(home, '.npm/_cacache/content-v2/sha512', hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

async function stored(store: Store): Promise<number> {
  let count = 0;
  for await (const _blob of store.blobs.list()) count += 1;
  return count;
}

describe('the files of a package', () => {
  it('stand without the top folder, as npm unpacks them', async () => {
    const bytes = packageTar(
      {
        'package.json': '{}',
        'run.js': { mode: 0o600, text: '#!/usr/bin/env node\r\nrun()\r\n' },
        'tool.sh': { mode: 0o775, text: 'x' },
        'lib/.gitignore': 'x',
        'sub/.npmignore': 'x',
        'sub/.gitignore': 'y',
        'empty/': { type: '5', mode: 0o700 },
        soft: { type: '2', linkName: '/etc/passwd' },
        hard: { type: '1', linkName: 'any/run.js' },
        fifo: { type: '6' },
      },
      'any/',
    );
    const context = project({ '@s/a': { bytes, bin: { run: 'run.js', lost: 'lost.js' } } });
    const { home, read } = scene();
    putInCache(home, bytes);
    const { trees, found } = await read(context);
    expect(found).toEqual([]);
    expect(listing(trees)).toEqual([
      'node_modules/',
      'node_modules/.bin/',
      'node_modules/.bin/run -> ../@s/a/run.js',
      'node_modules/@s/',
      'node_modules/@s/a/',
      'node_modules/@s/a/empty/',
      'node_modules/@s/a/lib/',
      'node_modules/@s/a/lib/.npmignore 644',
      'node_modules/@s/a/package.json 644',
      'node_modules/@s/a/run.js 755',
      'node_modules/@s/a/sub/',
      'node_modules/@s/a/sub/.npmignore 644',
      'node_modules/@s/a/tool.sh 755',
      'package.json 644',
    ]);
    const script = trees?.[0]?.tree.entries.find(({ path }) => path.endsWith('run.js'));
    const unix = createHash('sha256').update('#!/usr/bin/env node\nrun()\r\n').digest('hex');
    expect(script).toMatchObject({ digest: `sha256:${unix}` });
  });

  it.each([
    ['../../x', 3],
    ['a/../../../x', 3],
  ])('are refused where one of them leaves the package: %s', async (name, exit) => {
    const bytes = packageTar({ [name]: 'x' });
    const { home, read } = scene();
    putInCache(home, bytes);
    const { trees, found } = await read(project({ evil: { bytes } }));
    expect(trees).toBeUndefined();
    expect(found.map(({ code, message }) => [exitCodeOf(code), message])).toEqual([
      [exit, expect.stringContaining('evil@1.0.0')],
    ]);
  });

  it('may have zeros behind them, and nothing else', async () => {
    const bytes = packageTar({ 'package.json': '{}' });
    const read = async (rest: Buffer) => {
      const { home, read: readAgain } = scene();
      const padded = Buffer.concat([bytes, rest]);
      putInCache(home, padded);
      return (await readAgain(project({ old: { bytes: padded } }))).found.map(({ code }) => code);
    };
    expect(await read(Buffer.alloc(5000))).toEqual([]);
    expect(await read(Buffer.from([0, 0, 1]))).toEqual(['layer/trailing-data']);
  });

  it('of a bundled package are those in its parent', async () => {
    const outer = packed({ 'package.json': '{}', 'node_modules/in/cli.js': 'x' });
    const lock = {
      'node_modules/out': { version: '1.0.0', integrity: sha512Of(outer.bytes) },
      'node_modules/out/node_modules/in': { version: '1.0.0', inBundle: true, bin: { in: 'cli.js' } },
    };
    const dependencies = { out: '*' };
    const { home, read } = scene();
    putInCache(home, outer.bytes);
    const context = createContext({
      'package.json': JSON.stringify({ dependencies }),
      'package-lock.json': asLock({ '': { dependencies }, ...lock }),
    });
    expect(listing((await read(context)).trees)).toContain(
      'node_modules/out/node_modules/.bin/in -> ../in/cli.js',
    );
  });
});

describe('a tarball', () => {
  const one = packed({ 'package.json': '{"name":"one"}' });

  it('comes from the registry with the credential of its own host, once', async () => {
    const { origin, host, requests } = await registry(() => ({ status: 200, body: one.bytes }));
    const other = await registry(() => ({ status: 404 }));
    const { read, store } = scene(
      `@s:registry=${origin}/npm/\n//${host}/npm/:_authToken=\${NPM_TOKEN}\nregistry=${other.origin}`,
    );
    const context = project({ '@s/one': one });
    const first = await read(context);
    expect(first.found).toEqual([]);
    expect(requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/npm/@s/one/-/one-1.0.0.tgz', 'Bearer t0ken'],
    ]);
    const count = await stored(store);
    const second = await read(context);
    expect(second.trees?.[0]?.digest).toBe(first.trees?.[0]?.digest);
    expect(listing(second.trees)).toEqual(listing(first.trees));
    expect([requests.length, other.requests.length, await stored(store)]).toEqual([1, 0, count]);
  });

  it.each([
    [{ status: 200, body: 'other bytes' }, 4],
    [{ status: 401 }, 6],
    [{ status: 403 }, 6],
    [{ status: 404 }, 5],
  ])('that is answered with %j is an error of its own, and nothing is stored', async (reply, exit) => {
    const { origin, host } = await registry(() => reply);
    const { read, store } = scene(`registry=${origin}\n//${host}/:_authToken=s3cret`);
    const { trees, found } = await read(project({ one }));
    expect(trees).toBeUndefined();
    expect(found.map(({ code }) => exitCodeOf(code))).toEqual([exit]);
    expect(found[0]?.message).toContain('one@1.0.0');
    expect(JSON.stringify(found)).not.toContain('s3cret');
    expect(await stored(store)).toBe(0);
  });

  it('that nobody answers for is told once, however many packages there are', async () => {
    const { read } = scene('registry=http://127.0.0.1:1/');
    const names = Array.from({ length: 40 }, (_, at) => `p${String(at)}`);
    const { found } = await read(project(Object.fromEntries(names.map((name) => [name, one]))));
    expect(found.map(({ code }) => code)).toEqual(['download/unreachable']);
  });

  it('of npm’s cache is taken where it is right, and asked for where it is not', async () => {
    const { origin, requests } = await registry(() => ({ status: 200, body: one.bytes }));
    const { home, read } = scene(`registry=${origin}`);
    putInCache(home, Buffer.from('rotten'), one.bytes);
    expect((await read(project({ one }))).found).toEqual([]);
    expect(requests).toHaveLength(1);
  });

  it('that only sha1 names is verified before it is kept', async () => {
    const sha1 = (bytes: Uint8Array) => `sha1-${createHash('sha1').update(bytes).digest('base64')}`;
    const { origin, requests } = await registry(() => ({ status: 200, body: one.bytes }));
    const { read, store } = scene(`registry=${origin}`);
    const wrong = await read(project({ one: { ...one, integrity: sha1(Buffer.from('no')) } }));
    expect([wrong.found.map(({ code }) => code), await stored(store)]).toEqual([['npm/integrity'], 0]);
    const right = project({ one: { ...one, integrity: sha1(one.bytes) } });
    expect((await read(right)).found).toEqual([]);
    expect((await read(right)).found).toEqual([]);
    expect(requests).toHaveLength(2);
  });
});

describe('packages over several layers', () => {
  const files = (version: string) => packed({ 'package.json': `{"version":"${version}"}` });
  const digests = async (packages: Readonly<Record<string, Packed>>): Promise<string[]> => {
    const { home, read } = scene();
    for (const { bytes } of Object.values(packages)) putInCache(home, bytes);
    const { trees = [] } = await read(project(packages), { split: 4 });
    return trees.map(({ digest }) => digest);
  };
  const many = Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => [
      at % 3 === 0 ? `@s/p${String(at)}` : `p${String(at)}`,
      files(String(at)),
    ]),
  );

  it('a new version changes the layer of its name, and package.json only the last', async () => {
    const before = await digests(many);
    const after = await digests({ ...many, p7: files('7.1') });
    expect(before).toHaveLength(5);
    expect(before.filter((digest, part) => digest !== after[part])).toHaveLength(1);
    const added = await digests({ ...many, another: files('1') });
    const changed = before.flatMap((digest, part) => (digest === added[part] ? [] : [part]));
    expect(changed.filter((part) => part !== 4).length).toBe(1);
  });
});

describe('workspaces and folders', () => {
  const workspace = {
    'package.json': '{"workspaces":["packages/*"]}',
    'package-lock.json': asLock({
      '': { workspaces: ['packages/*'] },
      'node_modules/lib': { resolved: 'packages/lib', link: true },
      'packages/lib': { version: '1.0.0' },
    }),
    'packages/lib/package.json': '{"name":"lib","bin":"cli.js","files":["dist"]}',
    'packages/lib/cli.js': { mode: 0o600, text: 'x' },
    'packages/lib/dist/index.js': 'x',
    'packages/lib/src/index.ts': 'x',
  };

  it('become folders with what npm pack takes', async () => {
    const context = createContext(workspace);
    const { trees, found, places } = await scene().read(context);
    expect(found).toEqual([]);
    expect(listing(trees)).toEqual([
      'node_modules/',
      'node_modules/.bin/',
      'node_modules/.bin/lib -> ../lib/cli.js',
      'node_modules/lib/',
      'node_modules/lib/cli.js 755',
      'node_modules/lib/dist/',
      'node_modules/lib/dist/index.js 644',
      'node_modules/lib/package.json 644',
      'package.json 644',
    ]);
    const told = places.map(({ folder, name = '*' }) => join(folder, name).slice(context.length + 1));
    expect(told).toEqual(
      expect.arrayContaining(['package.json', 'package-lock.json', '.npmrc', 'packages/lib/*']),
    );
  });

  it('hold no secrets', async () => {
    const context = createContext({ ...workspace, 'packages/lib/dist/.env': 'A=b' });
    expect((await scene().read(context)).found.map(({ code }) => code)).toEqual(['source/secret']);
  });

  it('a package.json that asks for more than the lock is an error', async () => {
    const context = createContext({
      ...workspace,
      'packages/lib/package.json': '{"name":"lib","dependencies":{"zod":"4"}}',
    });
    expect((await scene().read(context)).found.map(({ code }) => code)).toEqual(['npm/out-of-step']);
  });

  it('a folder outside the context is refused', async () => {
    const context = createContext({
      'package.json': '{"dependencies":{"lib":"file:../lib"}}',
      'package-lock.json': asLock({
        '': { dependencies: { lib: 'file:../lib' } },
        'node_modules/lib': { resolved: '../lib', link: true },
        '../lib': { version: '1.0.0' },
      }),
    });
    expect((await scene().read(context)).found.map(({ code }) => code)).toEqual(['source/leaves-context']);
  });
});
