import { describe, expect, test } from 'vitest';
import type { BuildEvent } from '../../../src/core/event/build-event.ts';
import {
  durationOf,
  foldProgress,
  noProgress,
  type Progress,
  waitingActions,
} from '../../../src/core/event/progress.ts';
import { digestOf } from '../../../src/core/digest/digest.ts';

const digest = digestOf(new Uint8Array());
const start = (label: string): BuildEvent => ({
  type: 'action-started',
  label,
  kind: 'layer',
  reason: 'first build',
});
const end = (label: string, outcome: 'built' | 'cached' = 'built'): BuildEvent => ({
  type: 'action-finished',
  label,
  kind: 'layer',
  outcome,
  digest,
  size: 1,
  reason: '',
});

/** Each event a second after the one before. */
function fold(...events: readonly BuildEvent[]): Progress {
  return events.reduce((progress, event, at) => foldProgress(progress, { at: at * 1000, event }), noProgress);
}

const names = ({ active }: Progress): string[] => active.map(({ name }) => name);

describe('progress', () => {
  test('knows what is under way, in the order in which it began', () => {
    const progress = fold(
      start('b'),
      start('a'),
      { type: 'delivery-started', destination: 'oci:out' },
      end('b'),
    );
    expect(names(progress)).toEqual(['a', 'oci:out']);
    expect(progress.active[0]?.startedAt).toBe(1000);
  });

  test('counts what was built and what was cached', () => {
    const plan: BuildEvent = { type: 'plan-made', actions: 3, cached: 1, labels: ['a', 'b', 'c'] };
    expect(fold(plan, end('a', 'cached'), start('b'), end('b'))).toMatchObject({
      actions: 3,
      built: 1,
      cached: 1,
      labels: ['a', 'b', 'c'],
    });
  });

  test('keeps how far an activity is, and its total once that is known', () => {
    const moved = fold(
      start('a'),
      { type: 'action-progress', label: 'a', done: 5, total: 10 },
      { type: 'action-progress', label: 'a', done: 7 },
    );
    expect(moved.active[0]).toMatchObject({ done: 7, total: 10 });
  });

  test('ends one of two activities that have the same name', () => {
    const two = fold(start('file /etc/arch'), start('file /etc/arch'), start('b'));
    const progress = foldProgress(two, { at: 9000, event: end('file /etc/arch') });
    expect(names(progress)).toEqual(['file /etc/arch', 'b']);
  });

  test('knows how many actions of the plan have not begun', () => {
    const plan: BuildEvent = { type: 'plan-made', actions: 5, cached: 1, labels: [] };
    const failed: BuildEvent = { type: 'action-failed', label: 'c', kind: 'layer' };
    const delivery: BuildEvent = { type: 'delivery-started', destination: 'oci:out' };
    expect(waitingActions(fold(plan))).toBe(5);
    expect(waitingActions(fold(plan, end('a', 'cached'), start('b'), start('c'), failed, delivery))).toBe(2);
    expect(waitingActions(fold(start('a fetch without a plan')))).toBe(0);
  });

  test('begins again with another plan', () => {
    const plan: BuildEvent = { type: 'plan-made', actions: 1, cached: 0, labels: ['a'] };
    expect(fold(plan, start('a'), plan)).toEqual(fold(plan));
  });

  test('measures how fast an activity is', () => {
    const moving = fold(start('a'), { type: 'action-progress', label: 'a', done: 500 });
    expect(moving.active[0]?.rate).toEqual({ at: 1000, done: 500, perSecond: 500 });
  });

  test('ends what failed', () => {
    expect(names(fold(start('a'), { type: 'action-failed', label: 'a', kind: 'layer' }))).toEqual([]);
  });

  test('takes no notice of news about what is not under way', () => {
    expect(fold({ type: 'action-progress', label: 'a', done: 5 }, end('a', 'cached')).active).toEqual([]);
  });

  test('never changes what it was given', () => {
    const before = fold(start('a'));
    const copy = structuredClone(before);
    foldProgress(before, { at: 1, event: { type: 'action-progress', label: 'a', done: 5 } });
    foldProgress(before, { at: 1, event: end('a') });
    expect(before).toEqual(copy);
  });

  test('says how long what an event ends was under way', () => {
    const before = fold(start('a'));
    expect(durationOf(before, { at: 2500, event: end('a') })).toBe(2500);
    expect(durationOf(before, { at: 2500, event: end('b') })).toBeUndefined();
    expect(durationOf(before, { at: 2500, event: start('a') })).toBeUndefined();
  });
});
