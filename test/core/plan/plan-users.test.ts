import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/core/plan/make-plan.ts';
import type { LayerAction, Plan } from '../../../src/core/plan/plan.ts';
import type { FileLayer, ImageRecipe, LayerRecipe } from '../../../src/core/recipe/recipe.ts';
import { emptySnapshot, noRecipe, settings, target } from './example-target.ts';

function planOf(...images: ImageRecipe[]): Plan {
  const targets = images.map((image) => target(image.layers, image));
  const selected = new Set(images.map(({ name }) => name));
  const outcome = makePlan({ recipe: noRecipe, targets, snapshot: emptySnapshot, settings, selected });
  if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
  return outcome.value.plan;
}

const image = (layers: readonly LayerRecipe[], more: Partial<ImageRecipe> = {}): ImageRecipe =>
  target(layers, more).image;
const app = { uid: 10001, home: '/srv/app', groups: [], system: false };
const note: FileLayer = { kind: 'file', at: '/layers/0', path: '/note', content: 'hi', encoding: 'text' };

function layers({ actions }: Plan): LayerAction[] {
  return actions.filter((action) => action.kind === 'layer');
}

function imageOf({ actions }: Plan, name = 'app') {
  const found = actions.find(({ kind, label }) => kind === 'image' && label === `image ${name}`);
  if (found?.kind !== 'image') throw new Error(`no image ${name}`);
  return found;
}

describe('an image with users', () => {
  it('has them in a layer of their own below its others, with their home folders', () => {
    const plan = planOf(image([{ ...note, owner: 'app' }], { users: { app }, user: 'app' }));
    expect(layers(plan).map(({ label }) => label)).toEqual(['users', 'file /note']);
    expect(layers(plan)[0]?.entries.map(({ path }) => path)).toEqual(['etc', 'srv', 'srv/app']);
    expect(layers(plan)[0]?.entries.at(-1)).toMatchObject({ uid: 10001, gid: 10001, mode: 0o755 });
    expect(layers(plan)[1]?.placements[0]?.rules).toEqual({ owner: { uid: 10001, gid: 10001 } });
    expect(imageOf(plan).config).toMatchObject({ User: '10001:10001' });
    expect(imageOf(plan).history[0]?.created_by).toBe('layerwright users app');
  });

  it('leaves the group of a user with further groups to the runtime, which then finds them all', () => {
    const member = { ...app, groups: ['ops'] };
    const groups = { ops: {} };
    expect(
      imageOf(planOf(image([note], { users: { app: member }, groups, user: 'app' }))).config,
    ).toMatchObject({
      User: '10001',
    });
  });

  it('has no such layer where the image below has them all', () => {
    const own = { users: { app }, groups: { ops: { gid: 50 } } };
    const plan = planOf(
      image([note], own),
      image([{ ...note, path: '/other' }], { ...own, name: 'debug', from: 'image:app' }),
    );
    expect(layers(plan).map(({ label }) => label)).toEqual(['users', 'file /note', 'file /other']);
  });

  it('has them again above a layer that brings accounts of its own', () => {
    const passwd = { ...note, path: '/etc/passwd', content: 'root:x:0:0:::\n' };
    const plan = planOf(image([passwd], { users: { app }, user: 'app' }));
    expect(layers(plan).map(({ label }) => label)).toEqual(['users', 'file /etc/passwd', 'users']);
    expect(imageOf(plan).config).toMatchObject({ User: '10001:10001' });
  });

  it('has a user in groups that only a layer above brings, and in none that nobody brings', () => {
    const group = { ...note, path: '/etc/group', content: 'root:x:0:\naudio:x:29:\n' };
    const users = { app: { ...app, groups: ['audio'] } };
    const plan = planOf(image([group], { users }));
    expect(layers(plan).map(({ label }) => label)).toEqual(['users', 'file /etc/group', 'users']);
    expect(() => planOf(image([note], { users }))).toThrow('`audio` is not in the image’s /etc/group');
  });
});
