import { describe, expect, it } from 'vitest';
import { entryOrigins, layerFinder } from '../../../src/core/plan/entry-origin.ts';
import { makePlan } from '../../../src/core/plan/make-plan.ts';
import type { SourceTree } from '../../../src/core/plan/snapshot.ts';
import type { CopyLayer, LayerRecipe } from '../../../src/core/recipe/recipe.ts';
import { copyLayer, file, noRecipe, settings, snapshotOf, target, tree } from './example-target.ts';

function originsOf(layers: readonly LayerRecipe[], ...sources: [CopyLayer, SourceTree][]): string[] {
  const targets = [target(layers)];
  const snapshot = snapshotOf(...sources);
  const made = makePlan({ recipe: noRecipe, targets, snapshot, settings, selected: new Set(['app']) });
  if (!made.ok) throw new Error(made.diagnostics[0].message);
  const { plan, trees } = made.value;
  const actions = plan.actions.filter((action) => action.kind === 'layer');
  return actions.flatMap((action) =>
    [...entryOrigins(action, layerFinder(targets)(action), (digest) => trees[digest])].map(
      ({ entry, at, source }) => `${entry.path} ${at}${source?.in === 'context' ? ` ${source.path}` : ''}`,
    ),
  );
}

describe('where an entry of a layer comes from', () => {
  it('is the layer that copies it, and the file of the context', () => {
    const dist = copyLayer('dist', { to: '/app' });
    expect(originsOf([dist], [dist, tree(file('a.js'))])).toEqual([
      'app /layers/0',
      'app/a.js /layers/0 a.js',
    ]);
  });

  it('is the item of a group', () => {
    const one = copyLayer('one', { at: '/layers/0/group/1', to: '/app' });
    const two = copyLayer('two', { at: '/layers/0/group/3', to: '/lib' });
    const group: LayerRecipe = {
      kind: 'group',
      at: '/layers/0',
      items: [
        { kind: 'link', at: '/layers/0/group/0', path: '/run/log', target: '/dev/stdout', hard: false },
        one,
        { kind: 'dir', at: '/layers/0/group/2', path: '/data' },
        two,
      ],
    };
    expect(originsOf([group], [one, tree(file('a'))], [two, tree(file('b'))])).toEqual([
      'app /layers/0/group/1',
      'app/a /layers/0/group/1 a',
      'data /layers/0/group/2',
      'lib /layers/0/group/3',
      'lib/b /layers/0/group/3 b',
      'run /layers/0',
      'run/log /layers/0/group/0',
    ]);
  });

  it('is the layer where the recipe is not known', () => {
    expect(layerFinder([target([copyLayer('dist')])])({ cause: '/layers/7' } as never)).toBeUndefined();
  });
});
