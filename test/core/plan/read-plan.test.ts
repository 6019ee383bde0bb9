import { describe, expect, it } from 'vitest';
import { canonicalBytes, canonicalJson } from '../../../src/core/digest/canonical-json.ts';
import { comparePaths } from '../../../src/core/tree/image-path.ts';
import { makePlan } from '../../../src/core/plan/make-plan.ts';
import type { PortablePlan } from '../../../src/core/plan/plan.ts';
import { readPortablePlan } from '../../../src/core/plan/read-plan.ts';
import type { LayerRecipe } from '../../../src/core/recipe/recipe.ts';
import {
  copyLayer,
  file,
  folder,
  noRecipe,
  settings,
  snapshotOf,
  symlink,
  target,
  tree,
} from './example-target.ts';

const dist = copyLayer('dist', {
  owner: '1:2',
  mode: 0o640,
  dirMode: 0o750,
  mtime: { seconds: -5, nanoseconds: 1 },
  xattrs: { 'user.a': 'AA==' },
});
const inline: LayerRecipe = { kind: 'file', at: '/layers/1', path: '/etc/x', content: 'x', encoding: 'text' };
const gone: LayerRecipe = { kind: 'remove', at: '/layers/2', paths: ['/y'] };

function portablePlan(): PortablePlan {
  const snapshot = snapshotOf([dist, tree(folder('d'), file('d/a'), symlink('l', 'd'))]);
  const image = target([dist, inline, gone], {
    reference: 'localhost/x',
    outputs: ['oci:out'],
    healthcheck: { retries: 3 },
  });
  const outcome = makePlan({
    recipe: noRecipe,
    targets: [image],
    snapshot,
    settings,
    selected: new Set(['app']),
  });
  if (!outcome.ok) throw new Error(outcome.diagnostics[0].message);
  return outcome.value;
}

/** What is said of the plan's canonical text after an edit. */
function problemOf(from: string | RegExp, to: string): string {
  const text = canonicalJson(portablePlan());
  const edited = text.replace(from, to);
  expect(edited).not.toBe(text);
  const read = readPortablePlan(new TextEncoder().encode(edited), 'plan.json');
  if (read.ok) throw new Error('the plan was taken');
  expect(read.diagnostics.map((one) => one.code)).toEqual(['plan/unreadable']);
  return read.diagnostics[0].message;
}

describe('a plan that was made elsewhere', () => {
  it('reads as what was written, every kind of entry and rule', () => {
    const plan = portablePlan();
    const read = readPortablePlan(canonicalBytes(plan), 'plan.json');
    expect(read.ok ? canonicalBytes(read.value) : read.diagnostics).toEqual(canonicalBytes(plan));
  });

  it('reads files of every name, labels that differ in case, and layers of every compression', () => {
    const names = ['README', 'readme', '__proto__', 'constructor', 'prototype', 'x\udcff'].sort(comparePaths);
    const layer = copyLayer('odd', { compression: { type: 'none' } });
    const targets = [target([layer], { labels: { a: '1', A: '2' }, annotations: { constructor: 'x' } })];
    const snapshot = snapshotOf([layer, tree(...names.map((name) => file(name)))]);
    const outcome = makePlan({ recipe: noRecipe, targets, snapshot, settings, selected: new Set(['app']) });
    if (!outcome.ok) throw new Error(outcome.diagnostics[0].message);
    const written = canonicalBytes(outcome.value);
    const read = readPortablePlan(written, 'plan.json');
    expect(read.ok ? canonicalBytes(read.value) : read.diagnostics).toEqual(written);
  });

  it('is refused where it is no JSON, or no plan', () => {
    const text = new TextEncoder();
    for (const bytes of [text.encode('{'), text.encode('{}'), text.encode('[1]'), text.encode('')]) {
      const read = readPortablePlan(bytes, 'plan.json');
      expect(read.ok ? [] : read.diagnostics.map((one) => one.code)).toEqual(['plan/unreadable']);
    }
  });

  it('is refused with a version that is not ours', () => {
    expect(problemOf('"planVersion":1', '"planVersion":2')).toContain('plan.planVersion');
  });

  it('is refused where an action was edited and its key not', () => {
    expect(problemOf('"level":6', '"level":9')).toContain('is not what it contains');
  });

  it('is refused where a tree was edited', () => {
    expect(problemOf(/"mode":420(?=.*"path":"d\/a")/, '"mode":2541')).toContain('is not what its name says');
  });

  it('is refused where a content leaves the context', () => {
    const outside = problemOf('{"in":"context","path":"d/a"}', '{"in":"context","path":"../../etc/shadow"}');
    expect(outside).toContain('a path inside the context is expected');
  });

  it('is refused where a tree or an action that is needed is missing', () => {
    expect(problemOf(/"trees":.*$/, '"trees":{}}')).toContain('which is not there');
    expect(problemOf(/"actions":\[.*\],"images"/, '"actions":[],"images"')).toContain('has no action');
  });
});
