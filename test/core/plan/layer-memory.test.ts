/** Planning from memory: the same plan as planning anew, without a look at a tree. */
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/core/digest/canonical-json.ts';
import { type Digest, digestOfValue } from '../../../src/core/digest/digest.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { makePlan, type PlanRequest } from '../../../src/core/plan/make-plan.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import type { LayerMemory, RememberedLayer } from '../../../src/core/plan/planning.ts';
import {
  type BaseImage,
  requestKey,
  type Snapshot,
  type SourceTree,
} from '../../../src/core/plan/snapshot.ts';
import type { CopyLayer, LayerRecipe } from '../../../src/core/recipe/recipe.ts';
import {
  amd64,
  copyLayer,
  file,
  folder,
  noRecipe,
  requestOf,
  settings,
  symlink,
  target,
  tree,
} from './example-target.ts';

function createMemory(): LayerMemory & { readonly known: Map<Digest, RememberedLayer> } {
  const known = new Map<Digest, RememberedLayer>();
  return {
    known,
    recall: (key) => known.get(key),
    // As on disk: plain JSON.
    keep: (key, layer) => known.set(key, JSON.parse(JSON.stringify(layer)) as RememberedLayer),
  };
}

const base: BaseImage = {
  location: { transport: 'oci', path: 'base' },
  manifest: { mediaType: mediaTypes.manifest, digest: digestOfValue('manifest'), size: 3 },
  annotations: {},
  config: { ...amd64, rootfs: { type: 'layers', diff_ids: [] }, history: [] },
  layers: [],
  folders: [
    symlink('bin', 'usr/bin'),
    folder('srv', 0o750),
    folder('usr'),
    folder('usr/bin'),
    folder('usr/lib'),
  ],
  passwd: 'node:x:1000:1001::/home/node:/bin/sh\n',
};

const small = copyLayer('small', { at: '/layers/0', to: '/srv/app' });
const big = copyLayer('big', { at: '/layers/1', to: '/', owner: 'node' });
const late = copyLayer('late', { at: '/layers/2', to: '/bin/' });
const trees = {
  small: tree(folder('lib'), file('lib/a.js'), symlink('current', 'lib')),
  big: tree(folder('bin'), file('bin/tool'), folder('opt'), file('srv'), file('usr/lib/x')),
  late: tree(file('late')),
};
type Name = keyof typeof trees;
const recipe: readonly CopyLayer[] = [small, big, late];

function snapshotOf(sources: Readonly<Record<string, SourceTree>>): Snapshot {
  return {
    sources: Object.fromEntries(
      recipe.map((layer) => [requestKey(requestOf(layer)), sources[layer.source]!] as const),
    ),
    bases: { [requestKey({ reference: 'oci:base', platform: amd64 })]: base },
  };
}

/** A source that must not be looked into: what an unchanged walk gives. */
function closed(name: Name): SourceTree {
  const { digest, single } = trees[name];
  return {
    digest,
    single,
    get tree(): never {
      throw new Error(`the tree of ${name} was looked at`);
    },
    get contents(): never {
      throw new Error(`the contents of ${name} were looked at`);
    },
  };
}

const allClosed = { small: closed('small'), big: closed('big'), late: closed('late') };

function planOf(
  sources: Readonly<Record<string, SourceTree>>,
  memory?: LayerMemory,
  layers: readonly LayerRecipe[] = recipe,
): Plan {
  const request: PlanRequest = {
    recipe: noRecipe,
    targets: [target(layers, { from: 'oci:base' })],
    snapshot: snapshotOf(sources),
    settings,
    selected: new Set(['app']),
    ...(memory === undefined ? {} : { memory }),
  };
  const outcome = makePlan(request);
  if (!outcome.ok) throw new Error(outcome.diagnostics.map((one) => one.message).join('\n'));
  expect(outcome.warnings).toEqual([]);
  return outcome.value.plan;
}

describe('a plan from memory', () => {
  it('is the plan that is made anew, and no tree is looked at', () => {
    const memory = createMemory();
    const anew = planOf(trees);
    expect(canonicalJson(planOf(trees, memory))).toBe(canonicalJson(anew));
    expect(canonicalJson(planOf(allClosed, memory))).toBe(canonicalJson(anew));
  });

  it('looks at one tree where only the content of one layer has changed, above or below the others', () => {
    for (const name of ['small', 'late'] as const) {
      const memory = createMemory();
      planOf(trees, memory);
      const old = trees[name].tree.entries;
      const changed = tree(
        ...old.map((entry) => (entry.type === 'file' ? file(entry.path, 'other content') : entry)),
      );
      const anew = planOf({ ...trees, [name]: changed });
      expect(canonicalJson(planOf({ ...allClosed, [name]: changed }, memory))).toBe(canonicalJson(anew));
    }
  });

  it('is made anew for the layers above a layer that changed the folders', () => {
    const memory = createMemory();
    planOf(trees, memory);
    const changed = tree(folder('lib'), symlink('current', 'other'));
    expect(() => planOf({ ...allClosed, small: changed }, memory)).toThrow('the tree of big was looked at');
    const anew = planOf({ ...trees, small: changed });
    expect(canonicalJson(planOf({ ...trees, small: changed }, memory))).toBe(canonicalJson(anew));
  });

  it.each([
    ['owner', { owner: '5:6' }],
    ['to', { to: '/opt' }],
    ['mode', { mode: 0o600 }],
    ['xattrs', { xattrs: { 'user.x': 'eA==' } }],
  ])('is made anew for a layer with another `%s`', (_key, more) => {
    const memory = createMemory();
    planOf(trees, memory);
    const layers = [small, { ...big, ...more }, late];
    expect(() => planOf(allClosed, memory, layers)).toThrow('the tree of big was looked at');
    expect(canonicalJson(planOf(trees, memory, layers))).toBe(
      canonicalJson(planOf(trees, undefined, layers)),
    );
  });

  it('is made anew for another SOURCE_DATE_EPOCH, which `mtime: epoch` stands for', () => {
    const layers = [small, { ...big, mtime: 'epoch' as const }, late];
    const planAt = (epoch: number, memory?: LayerMemory): string => {
      const outcome = makePlan({
        recipe: noRecipe,
        targets: [target(layers, { from: 'oci:base' })],
        snapshot: snapshotOf(trees),
        settings: { ...settings, epoch },
        selected: new Set(['app']),
        ...(memory === undefined ? {} : { memory }),
      });
      return canonicalJson(outcome.ok ? outcome.value.plan : outcome.diagnostics);
    };
    const memory = createMemory();
    planAt(0, memory);
    expect(planAt(1, memory)).toBe(planAt(1));
    expect(planAt(0, memory)).toBe(planAt(0));
  });

  it('has the names and the causes of the recipe as it is now', () => {
    const memory = createMemory();
    planOf(trees, memory);
    const layers = [small, { ...big, name: 'dependencies' }, late];
    const named = planOf(trees, memory, layers);
    expect(named.actions.map(({ label, cause }) => [label, cause])).toContainEqual([
      'dependencies',
      '/layers/1',
    ]);
    expect(canonicalJson(named)).toBe(canonicalJson(planOf(trees, undefined, layers)));
  });

  it('keeps nothing of a layer that there is something to say of', () => {
    const memory = createMemory();
    const removing: LayerRecipe = {
      kind: 'group',
      at: '/layers/0',
      items: [small, { kind: 'remove', at: '/layers/0/group/1', paths: ['/etc/x'] }],
    };
    const request = {
      recipe: noRecipe,
      targets: [target([removing])],
      snapshot: snapshotOf(trees),
      settings,
      selected: new Set(['app']),
      memory,
    };
    const [first, second] = [makePlan(request), makePlan(request)];
    expect(first.ok && first.warnings.map(({ code }) => code)).toEqual(['plan/nothing-to-remove']);
    expect(second).toEqual(first);
    expect(memory.known.size).toBe(0);
  });
});
