import { describe, expect, it } from 'vitest';
import type { Digest } from '../../../src/core/digest/digest.ts';
import { compareTrees, describeChanges, explainPlan } from '../../../src/core/plan/explain.ts';
import { makePlan } from '../../../src/core/plan/make-plan.ts';
import type { PortablePlan } from '../../../src/core/plan/plan.ts';
import type { SourceTree } from '../../../src/core/plan/snapshot.ts';
import type { ImageRecipe } from '../../../src/core/recipe/recipe.ts';
import { copyLayer, file, noRecipe, settings, snapshotOf, target, tree } from './example-target.ts';

const dist = copyLayer('dist');

function planOf(source: SourceTree, more: Partial<ImageRecipe> = {}): PortablePlan {
  const targets = [target([{ ...dist }], more)];
  const outcome = makePlan({
    recipe: noRecipe,
    targets,
    snapshot: snapshotOf([dist, source]),
    settings,
    selected: new Set(['app']),
  });
  if (!outcome.ok) throw new Error(outcome.diagnostics[0].message);
  return outcome.value;
}

function reasons(before: PortablePlan | undefined, now: PortablePlan): string[] {
  const trees = { ...before?.trees, ...now.trees };
  const found = explainPlan(now.plan, before?.plan, (digest: Digest) => trees[digest]?.tree);
  return now.plan.actions.map((action) => found.get(action.key) ?? '');
}

const one = tree(file('a.js'), file('b.js'), file('c.js'));

describe('why an action runs', () => {
  it('is the first build where there was none', () => {
    expect(reasons(undefined, planOf(one))).toEqual(['first build', 'first build']);
  });

  it('names the files that changed, and the layer to the image', () => {
    const two = tree(file('a.js', 'changed'), file('c.js'), file('d.js'));
    expect(reasons(planOf(one), planOf(two))).toEqual([
      '1 file changed: a.js; 1 file added: d.js; 1 file removed: b.js',
      'changed: copy dist',
    ]);
  });

  it('names the field of the configuration', () => {
    expect(reasons(planOf(one), planOf(one, { env: { A: '1' } }))[1]).toBe('changed: config');
  });

  it('says that a result is gone where nothing changed', () => {
    expect(reasons(planOf(one), planOf(one))).toEqual(
      Array(2).fill('the same as last time, but its result is gone'),
    );
  });
});

describe('changes of a tree', () => {
  it('are told by name up to three, then by number', () => {
    const many = tree(...['a', 'b', 'c', 'd', 'e'].map((name) => file(name)));
    expect(describeChanges(compareTrees({ entries: [] }, many.tree))).toBe(
      '5 files added: a, b, c, and 2 more',
    );
  });

  it('are escaped, since names come from outside', () => {
    const named = tree(file('a\u001b[31m'));
    expect(describeChanges(compareTrees({ entries: [] }, named.tree))).not.toContain('\u001b');
  });
});
