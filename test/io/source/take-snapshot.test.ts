import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requestKey } from '../../../src/core/plan/snapshot.ts';
import { sourceRequests } from '../../../src/core/plan/source-request.ts';
import type { CopyLayer, ImageRecipe, Target } from '../../../src/core/recipe/recipe.ts';
import { noMachine } from '../../../src/io/source/machine.ts';
import { emptyStatIndex } from '../../../src/io/source/stat-index.ts';
import { type SnapshotContext, takeSnapshot } from '../../../src/io/source/take-snapshot.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { TransportError } from '../../../src/io/transport/transport-error.ts';
import { exampleImage } from '../../core/plan/example-target.ts';
import { createContext, temporaryFolder } from './sample-context.ts';
import { amd64, arm64, sampleImage, sampleLayer } from './sample-image.ts';
import { hasProgram } from '../../rigs/runtimes.ts';

function copyLayer(at: number, source: string): CopyLayer {
  const lists = { include: [], exclude: [], allowSecrets: [] };
  return { kind: 'copy', at: `/layers/${String(at)}`, source, ignore: true, ...lists };
}

const text = 'from: oci:base\nlayers:\n  - copy: one\n  - copy: two\n  - copy: three\n';
/** The place of each layer's `copy` in the text. */
const places = new Map(
  ['one', 'two', 'three'].map((name, at) => {
    const start = text.indexOf(name);
    return [`/layers/${String(at)}/copy`, { start, end: start + name.length }];
  }),
);

function context(contextFolder: string, more: Partial<SnapshotContext> = {}): SnapshotContext {
  return {
    recipe: { source: { name: 'oci.config.yaml', text }, places: { values: places, keys: new Map() } },
    contextFolder,
    store: createMemoryStore(),
    openImage: () => Promise.reject(new TransportError('transport/not-found', 'no such layout')),
    download: () => Promise.reject(new Error('nothing is downloaded here')),
    machine: noMachine,
    statIndex: emptyStatIndex(),
    signal: new AbortController().signal,
    ...more,
  };
}

const both = (recipe: ImageRecipe): Target[] =>
  [amd64, arm64].map((platform) => ({ image: recipe, platform }));

describe('a snapshot', () => {
  it('holds every source under the words in which a planner asks for it', async () => {
    const folder = createContext({ 'one/a': '1', two: '2' });
    const targets = both(exampleImage([copyLayer(0, 'one'), copyLayer(1, 'two')]));
    const taken = await takeSnapshot(targets, context(folder));
    if (!taken.ok) throw new Error(JSON.stringify(taken.diagnostics));
    const keys = targets.flatMap(sourceRequests).map(({ request }) => requestKey(request));
    expect(Object.keys(taken.value.sources).sort()).toEqual([...new Set(keys)].sort());
  });

  it('tells every problem in one run, each at its place', async () => {
    const folder = createContext({ '.dockerignore': 'one\n', 'one/a': '1' });
    execFileSync('mkfifo', [join(folder, 'two')]);
    const layers = [copyLayer(0, 'one'), copyLayer(1, 'two'), copyLayer(2, 'three')];
    const taken = await takeSnapshot(
      both(exampleImage(layers, { from: 'oci:base', created: 'commit' })),
      context(folder),
    );
    const found = taken.ok ? [] : taken.diagnostics;
    expect(found.map(({ code, place }) => [code, place?.line])).toEqual([
      ['transport/not-found', undefined],
      ['source/no-commit', undefined],
      ['source/ignored', 3],
      ['source/special-file', 4],
      ['source/missing', 5],
    ]);
  });

  it('opens each base once for each platform, closes it, and leaves `scratch` and `image:` be', async () => {
    const opened: string[] = [];
    const source = sampleImage({ layers: [sampleLayer({ 'etc/passwd': 'p' })], platforms: [amd64, arm64] });
    const recipe = exampleImage([], { from: 'oci:base' });
    const targets = [
      ...both(recipe),
      ...both(recipe),
      ...both(exampleImage([], { from: 'image:app' })),
      ...both(exampleImage([])),
    ];
    const taken = await takeSnapshot(
      targets,
      context(temporaryFolder(), {
        openImage: (reference) => {
          opened.push(JSON.stringify(reference));
          return Promise.resolve(source);
        },
      }),
    );
    expect(opened).toEqual(Array(2).fill('{"transport":"oci","path":"base"}'));
    expect(source.closed.count).toBe(2);
    const bases = taken.ok ? taken.value.bases : {};
    expect(bases[requestKey({ reference: 'oci:base', platform: arm64 })]).toMatchObject({ passwd: 'p' });
    expect(Object.keys(bases)).toHaveLength(2);
  });

  it('refuses references that name no image from outside', async () => {
    const layer = {
      kind: 'image',
      at: '/layers/0',
      reference: 'scratch',
      from: [],
      include: [],
      exclude: [],
    } as const;
    const taken = await takeSnapshot(
      both(exampleImage([layer], { from: 'Bad Reference' })),
      context(temporaryFolder()),
    );
    expect(taken.ok ? [] : taken.diagnostics.map(({ code }) => code)).toEqual(
      Array(2).fill('source/bad-reference'),
    );
  });

  it.skipIf(!hasProgram('git'))('takes the time of the commit that is checked out (needs git)', async () => {
    const folder = createContext({ one: '1' });
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=a > b', '-c', 'user.email=a@b', ...args], {
        env: { ...process.env, GIT_COMMITTER_DATE: '1700000000 +0530' },
      });
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'committer nobody <x> 5 +0000\n\ncommitter nobody <x> 6 +0000');
    const taken = await takeSnapshot(both(exampleImage([], { created: 'commit' })), context(folder));
    expect(taken.ok && taken.value.commitTime).toBe(1_700_000_000);
  });

  it.skipIf(!hasProgram('git'))('says what git says where there is no commit (needs git)', async () => {
    const folder = temporaryFolder();
    execFileSync('git', ['-C', folder, 'init', '-q']);
    const taken = await takeSnapshot(both(exampleImage([], { created: 'commit' })), context(folder));
    expect(taken.ok ? '' : taken.diagnostics[0].message).toMatch(/git says: fatal: .*HEAD/);
  });

  it('is given up at once when the build is', async () => {
    const abort = new AbortController();
    abort.abort(new Error('given up'));
    const folder = createContext({ one: '1' });
    const targets = both(exampleImage([copyLayer(0, 'one')], { from: 'oci:base' }));
    await expect(takeSnapshot(targets, context(folder, { signal: abort.signal }))).rejects.toThrow(
      'given up',
    );
  });

  it('of a context that is not there is one problem', async () => {
    const taken = await takeSnapshot(both(exampleImage([copyLayer(0, 'one')])), context('/nowhere/at/all'));
    expect(taken.ok ? [] : taken.diagnostics.map(({ code }) => code)).toEqual(['source/missing']);
  });

  it('keeps warnings beside the facts', async () => {
    const folder = createContext({ 'one/node_modules/x/.npmrc': '' });
    const taken = await takeSnapshot(both(exampleImage([copyLayer(0, 'one')])), context(folder));
    expect(taken).toMatchObject({
      ok: true,
      warnings: [{ code: 'source/secret-in-dependency', place: { line: 3 } }],
    });
  });

  it('reaches the context through a link, and takes an absolute link by either name for one into it', async () => {
    const real = createContext({ 'one/a': '1' });
    const folder = createContext({ context: { link: real } });
    execFileSync('ln', ['-s', join(real, 'one/a'), join(real, 'one/link')]);
    const taken = await takeSnapshot(
      both(exampleImage([copyLayer(0, 'one')])),
      context(join(folder, 'context')),
    );
    expect(taken.ok ? [] : taken.diagnostics.map(({ code }) => code)).toEqual(['source/absolute-link']);
  });
});
