import { describe, expect, it } from 'vitest';
import type { BuildEvent, StampedEvent } from '../../../src/core/event/build-event.ts';
import { timelineOf } from '../../../src/core/event/timeline.ts';
import { digestOf } from '../../../src/core/digest/digest.ts';

const digest = digestOf(new Uint8Array());

describe('timelineOf', () => {
  it('tells when each action and delivery was under way', () => {
    const { duration, spans } = timelineOf([
      started(10, 'npm'),
      started(12, 'copy dist'),
      finished(40, 'copy dist', 'built'),
      { at: 50, event: { type: 'action-progress', label: 'npm', done: 5 } },
      finished(90, 'npm', 'built'),
      { at: 95, event: { type: 'delivery-started', destination: 'oci:out' } },
      {
        at: 120,
        event: { type: 'delivery-finished', destination: 'oci:out', moved: 1, present: 0, bytes: 7 },
      },
    ]);
    expect(duration).toBe(120);
    expect(spans.map(({ name, outcome, from, to }) => [name, outcome, from, to])).toEqual([
      ['copy dist', 'built', 12, 40],
      ['npm', 'built', 10, 90],
      ['oci:out', 'delivered', 95, 120],
    ]);
    expect(spans[2]).toMatchObject({ kind: 'delivery', bytes: 7 });
  });

  it('takes no time for what was cached, and says what failed', () => {
    const failed: BuildEvent = { type: 'action-failed', label: 'npm', kind: 'layer' };
    const { spans } = timelineOf([
      finished(3, 'base', 'cached'),
      started(5, 'npm'),
      { at: 9, event: failed },
    ]);
    expect(spans.map(({ outcome, from, to }) => [outcome, from, to])).toEqual([
      ['cached', 3, 3],
      ['failed', 5, 9],
    ]);
  });

  it('ends of two actions with one label the one that began first', () => {
    const { spans } = timelineOf([
      started(0, 'npm'),
      started(4, 'npm'),
      finished(6, 'npm', 'built'),
      finished(9, 'npm', 'built'),
    ]);
    expect(spans.map(({ from, to }) => [from, to])).toEqual([
      [0, 6],
      [4, 9],
    ]);
  });

  it('is empty for a build in which nothing happened', () => {
    expect(timelineOf([])).toEqual({ duration: 0, spans: [] });
  });
});

function started(at: number, label: string): StampedEvent {
  return { at, event: { type: 'action-started', label, kind: 'layer', reason: 'first build' } };
}

function finished(at: number, label: string, outcome: 'built' | 'cached'): StampedEvent {
  const event = { label, kind: 'layer', outcome, digest, size: 1, reason: 'first build' } as const;
  return { at, event: { type: 'action-finished', ...event } };
}
