import { describe, expect, it } from 'vitest';
import { explainBuild } from '../../../src/core/compare/explanation.ts';
import { shortReason } from '../../../src/core/compare/short-reason.ts';
import { type BuildInputs, buildInputs } from '../../../src/core/plan/build-inputs.ts';
import { makePlan } from '../../../src/core/plan/make-plan.ts';
import type { PlanTrees } from '../../../src/core/plan/plan.ts';
import type { SourceTree } from '../../../src/core/plan/snapshot.ts';
import type { ImageRecipe } from '../../../src/core/recipe/recipe.ts';
import { copyLayer, file, noRecipe, settings, snapshotOf, target, tree } from '../plan/example-target.ts';

const dist = copyLayer('dist');

interface Planned {
  readonly inputs: BuildInputs;
  readonly trees: PlanTrees;
}

function planOf(source: SourceTree, more: Partial<ImageRecipe> = {}): Planned {
  const targets = [target([{ ...dist }], more)];
  const snapshot = snapshotOf([dist, source]);
  const selected = new Set(['app']);
  const outcome = makePlan({ recipe: noRecipe, targets, snapshot, settings, selected });
  if (!outcome.ok) throw new Error(outcome.diagnostics[0].message);
  const { plan, trees } = outcome.value;
  const facts = { recipe: noRecipe, targets, lock: undefined, ignore: undefined, selection: {} };
  return { inputs: buildInputs({ plan, ...facts }), trees };
}

function reasons(before: Planned, now: Planned): string[] {
  const trees = { ...before.trees, ...now.trees };
  const { actions } = explainBuild(
    { before: before.inputs, now: now.inputs },
    { treeOf: (digest) => trees[digest]?.tree },
  );
  return actions.map(shortReason);
}

const one = tree(file('a.js'), file('b.js'), file('c.js'));

describe('why an action runs', () => {
  it('names the files that changed, and the layer to the image', () => {
    const two = tree(file('a.js', 'changed'), file('c.js'), file('d.js'));
    expect(reasons(planOf(one), planOf(two))).toEqual([
      '1 file changed: a.js; 1 file added: d.js; 1 file removed: b.js',
      'changed: copy dist',
    ]);
  });

  it('names a file that has the content of one that is gone as renamed', () => {
    const renamed = tree(file('a.js'), file('c.js'), file('z.js', 'b.js'));
    expect(reasons(planOf(one), planOf(renamed))[0]).toBe('1 file renamed: z.js');
  });

  it('names the variable of the configuration', () => {
    expect(reasons(planOf(one), planOf(one, { env: { A: '1' } }))[1]).toBe('changed: env A');
  });

  it('says that a result is gone where nothing changed', () => {
    expect(reasons(planOf(one), planOf(one))).toEqual(
      Array(2).fill('the same as last time, but its result is gone'),
    );
  });

  it('tells files by name up to three, then by number', () => {
    const many = tree(...['a', 'b', 'c', 'd', 'e'].map((name) => file(name)));
    expect(reasons(planOf(tree()), planOf(many))[0]).toBe('5 files added: a, b, c, and 2 more');
  });

  it('escapes names, since they come from outside', () => {
    expect(reasons(planOf(tree()), planOf(tree(file('a\u001b[31m'))))[0]).not.toContain('\u001b');
  });

  it('says that files changed where the trees are no longer known', () => {
    const [before, now] = [planOf(one), planOf(tree(file('a.js')))];
    const { actions } = explainBuild({ before: before.inputs, now: now.inputs }, { treeOf: () => undefined });
    expect(actions.map(shortReason)[0]).toBe('changed: files');
  });
});
