import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/core/digest/canonical-json.ts';
import { digestOfValue } from '../../../src/core/digest/digest.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { makePlan } from '../../../src/core/plan/make-plan.ts';
import type { LayerAction, PortablePlan } from '../../../src/core/plan/plan.ts';
import { type BaseImage, requestKey, type Snapshot } from '../../../src/core/plan/snapshot.ts';
import type { ImageRecipe, LayerRecipe, Target } from '../../../src/core/recipe/recipe.ts';
import {
  amd64,
  copyLayer,
  emptySnapshot,
  file,
  folder,
  noRecipe,
  settings,
  snapshotOf,
  symlink,
  target,
  tree,
} from './example-target.ts';

function planOf(targets: Target[], snapshot: Snapshot): ReturnType<typeof makePlan> {
  const selected = new Set(targets.map((one) => one.image.name));
  return makePlan({ recipe: noRecipe, targets, snapshot, settings, selected });
}

function made(targets: Target[], snapshot: Snapshot): PortablePlan {
  const outcome = planOf(targets, snapshot);
  if (!outcome.ok) throw new Error(outcome.diagnostics.map((one) => one.message).join('\n'));
  return outcome.value;
}

function layerOf({ plan }: PortablePlan, position = 0): LayerAction {
  const layer = plan.actions.filter((action) => action.kind === 'layer')[position];
  if (layer === undefined) throw new Error('the plan has no such layer');
  return layer;
}

const layerDigest = digestOfValue('layer');
const base: BaseImage = {
  location: { transport: 'oci', path: 'base' },
  manifest: { mediaType: mediaTypes.manifest, digest: digestOfValue('manifest'), size: 3 },
  annotations: {},
  config: {
    ...amd64,
    config: {
      Env: ['PATH=/usr/bin', 'LANG=C'],
      Cmd: ['sh'],
      Entrypoint: ['init'],
      User: 'node',
      WorkingDir: '/srv',
    },
    rootfs: { type: 'layers', diff_ids: [layerDigest] },
    history: [{ created_by: 'base' }],
  },
  layers: [
    { descriptor: { mediaType: mediaTypes.layerGzip, digest: layerDigest, size: 1 }, diffId: layerDigest },
  ],
  folders: [
    symlink('bin', 'usr/bin'),
    folder('srv', 0o750),
    folder('tmp', 0o1777),
    folder('usr'),
    folder('usr/bin'),
  ],
  passwd: 'root:x:0:0::/:/bin/sh\nnode:x:1000:1001::/home/node:/bin/sh\n',
  group: 'staff:x:50:\n',
};
const onBase = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  bases: { [requestKey({ reference: 'oci:base', platform: amd64 })]: base },
});
const dist = copyLayer('dist');
const distTree = tree(folder('lib'), file('lib/a.js'), file('server.js'));

describe('a plan', () => {
  it('is the same JSON for the same arguments, and knows every key before anything runs', () => {
    const [one, two] = [
      made([target([dist])], snapshotOf([dist, distTree])),
      made([target([dist])], snapshotOf([dist, distTree])),
    ];
    expect(canonicalJson(one)).toBe(canonicalJson(two));
    expect(one.plan.actions.map((action) => action.kind)).toEqual(['layer', 'image']);
  });

  it('keeps every key when an image is renamed or a layer named', () => {
    const plain = made([target([dist])], snapshotOf([dist, distTree]));
    const renamed = made(
      [target([{ ...dist, name: 'code' }], { name: 'other', tags: ['x'] })],
      snapshotOf([dist, distTree]),
    );
    expect(renamed.plan.actions.map((action) => action.key)).toEqual(
      plain.plan.actions.map((action) => action.key),
    );
  });

  it('changes exactly the keys that stand on a changed file', () => {
    const config = copyLayer('conf', { at: '/layers/1', to: '/etc/app' });
    const conf = [config, tree(file('a.conf'))] as [typeof config, typeof distTree];
    const before = made([target([config, dist])], snapshotOf(conf, [dist, distTree]));
    const after = made(
      [target([config, dist])],
      snapshotOf(conf, [dist, tree(file('server.js', 'changed'))]),
    );
    const same = before.plan.actions.map((action, index) => action.key === after.plan.actions[index]?.key);
    expect(same).toEqual([true, false, false]);
  });

  it('names folders that the base has with the metadata they have there', () => {
    const layer = copyLayer('dist', { to: '/tmp/app' });
    const { entries } = layerOf(
      made([target([layer], { from: 'oci:base' })], onBase(snapshotOf([layer, distTree]))),
    );
    expect(entries).toEqual([folder('tmp', 0o1777), folder('tmp/app')]);
  });

  it('goes through a link of the base, both with `to` and with folders of the source', () => {
    const layer = copyLayer('root', { to: '/' });
    const source = tree(folder('bin'), file('bin/tool'), folder('tmp'), file('tmp/x'));
    const plan = made([target([layer], { from: 'oci:base' })], onBase(snapshotOf([layer, source])));
    const { placements, entries } = layerOf(plan);
    expect(placements[0]?.redirects).toEqual({ bin: 'usr/bin' });
    // The folder of the source comes out there as the base has it, so nothing has to keep it.
    expect(entries).toEqual([folder('tmp', 0o1777), folder('usr')]);
  });

  it('starts relative paths at the working folder of the base', () => {
    const { placements, entries } = layerOf(
      made([target([dist], { from: 'oci:base' })], onBase(snapshotOf([dist, distTree]))),
    );
    expect(placements[0]?.to).toBe('srv');
    expect(entries).toContainEqual(folder('srv', 0o750));
  });

  it('keeps base layers and base history, and puts its own on top', () => {
    const image = made(
      [target([dist], { from: 'oci:base' })],
      onBase(snapshotOf([dist, distTree])),
    ).plan.actions.at(-1);
    if (image?.kind !== 'image') throw new Error('no image');
    expect(image.layers[0]).toEqual({ from: 'base', layer: base.layers[0] });
    expect(image.history).toEqual([
      { created_by: 'base' },
      { created: '1970-01-01T00:00:00Z', created_by: 'layerwright copy dist' },
    ]);
  });

  it('lets an index stand on an image for each platform', () => {
    const arm = { os: 'linux', architecture: 'arm64' };
    const both = { platforms: [amd64, arm] };
    const one = target([dist], both);
    const plan = made([one, { ...target([dist], both), platform: arm }], snapshotOf([dist, distTree]));
    expect(plan.plan.actions.map((action) => action.label)).toEqual([
      'copy dist',
      'image app (linux/amd64)',
      'image app (linux/arm64)',
      'index app',
    ]);
  });

  it('stands an image of the recipe on another, layer by layer', () => {
    const debug = copyLayer('debug', { at: '/images/debug/layers/0' });
    const app = target([dist]);
    const top = target([debug], { name: 'debug', from: 'image:app', env: { A: '1' } });
    const plan = made([app, top], snapshotOf([dist, distTree], [debug, tree(file('x'))]));
    const image = plan.plan.actions.at(-1);
    if (image?.kind !== 'image') throw new Error('no image');
    expect(image.layers).toHaveLength(2);
    expect(image.config.Env).toEqual(['A=1']);
  });
});

function configOf(more: Partial<ImageRecipe>): Record<string, unknown> {
  const image = made([target([], { from: 'oci:base', ...more })], onBase(emptySnapshot)).plan.actions.at(-1);
  if (image?.kind !== 'image') throw new Error('no image');
  return { ...image.config };
}

function codesOf(layers: LayerRecipe[], more: Partial<ImageRecipe> = {}): string[] {
  const outcome = planOf(
    [target(layers, { from: 'oci:base', ...more })],
    onBase(snapshotOf([dist, distTree])),
  );
  return (outcome.ok ? outcome.warnings : outcome.diagnostics).map((one) => one.code);
}

describe('the configuration of a planned image', () => {
  it('puts variables in the place of the base’s and follows with new ones', () => {
    expect(configOf({ env: { NEW: '1', PATH: '/app:${PATH}' } })['Env']).toEqual([
      'PATH=/app:/usr/bin',
      'LANG=C',
      'NEW=1',
    ]);
  });

  it('keeps the text ${PATH} where it is written $${PATH}', () => {
    expect(configOf({ env: { X: '$${PATH}' } })['Env']).toContain('X=${PATH}');
  });

  it('drops the base’s cmd with a new entrypoint, and keeps the entrypoint with a new cmd', () => {
    expect(configOf({ entrypoint: ['a'] })).not.toHaveProperty('Cmd');
    expect(configOf({ cmd: ['b'] })).toMatchObject({ Entrypoint: ['init'], Cmd: ['b'] });
  });

  it('writes a user by number, and leaves the base’s own as it is', () => {
    expect(configOf({ user: 'node' })['User']).toBe('1000:1001');
    expect(configOf({ user: 'node:staff' })['User']).toBe('1000:50');
    expect(configOf({ user: '7' })['User']).toBe('7');
    expect(configOf({})['User']).toBe('node');
  });

  it('looks a user up in an /etc/passwd that an earlier layer writes', () => {
    const passwd: LayerRecipe = {
      kind: 'file',
      at: '/layers/0',
      path: '/etc/passwd',
      content: 'app:x:7:8::/:\n',
      encoding: 'text',
    };
    const image = made([target([passwd], { user: 'app' })], emptySnapshot).plan.actions.at(-1);
    expect(image?.kind === 'image' ? image.config.User : undefined).toBe('7:8');
  });

  it('tells a problem once, however many platforms have it', () => {
    const arm = { os: 'linux', architecture: 'arm64' };
    const one = target([{ kind: 'dir', at: '/layers/0', path: '/x' }], {
      user: 'nobody-here',
      platforms: [amd64, arm],
    });
    const outcome = planOf([one, { ...one, platform: arm }], emptySnapshot);
    expect(outcome.ok ? [] : outcome.diagnostics.map((problem) => problem.code)).toEqual([
      'plan/unknown-user',
    ]);
  });

  it('refuses users that nobody knows and numbers that are none', () => {
    expect(codesOf([], { user: 'nobody-here' })).toEqual(['plan/unknown-user']);
    expect(codesOf([], { user: '4294967296' })).toEqual(['plan/unknown-user']);
    expect(codesOf([], { user: '-1' })).toEqual(['plan/unknown-user']);
  });

  it('refuses a variable that the base does not set', () => {
    expect(codesOf([], { env: { A: '${NOPE}' } })).toEqual(['plan/unknown-variable']);
  });
});

describe('layers that cannot be', () => {
  it('two sources that claim one path', () => {
    const group: LayerRecipe = { kind: 'group', at: '/layers/0', items: [dist, dist] };
    expect(codesOf([group])).toEqual(['plan/path-claimed-twice', 'plan/path-claimed-twice']);
  });

  it('a link that would replace the root', () => {
    expect(codesOf([{ kind: 'link', at: '/layers/0', path: '/', target: 'x', hard: false }])).toEqual([
      'recipe/path-outside-image',
    ]);
  });

  it('a relative path that comes to stand where runtimes mount', () => {
    const file: LayerRecipe = {
      kind: 'file',
      at: '/layers/0',
      path: 'proc/x',
      content: '',
      encoding: 'text',
    };
    expect(codesOf([file], { from: 'scratch' })).toEqual(['recipe/reserved-path']);
    expect(codesOf([file])).toEqual([]);
  });

  it('a removal with nothing below warns', () => {
    expect(codesOf([{ kind: 'remove', at: '/layers/0', paths: ['/x'] }], { from: 'scratch' })).toEqual([
      'plan/nothing-to-remove',
    ]);
  });
});
