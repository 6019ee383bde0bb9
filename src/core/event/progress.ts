/** One pure fold over stamped events: what is under way, since when and how far. Feeds the terminal and, later, reports. */
import { assertNever } from '../diagnostic/bug.ts';
import type { BuildEvent, StampedEvent } from './build-event.ts';
import { measureRate, type Rate } from './rate.ts';

export interface Activity {
  readonly kind: 'action' | 'delivery' | 'download';
  /** A label, or a delivery's destination. */
  readonly name: string;
  readonly startedAt: number;
  readonly reason: string;
  /** Bytes. */
  readonly done: number;
  readonly total?: number;
  readonly rate: Rate;
}

export interface Progress {
  /** Under way, in the order in which they began. */
  readonly active: readonly Activity[];
  /** Labels of the plan's actions. */
  readonly labels: readonly string[];
  readonly actions: number;
  readonly built: number;
  readonly cached: number;
  readonly failed: number;
}

export const noProgress: Progress = { active: [], labels: [], actions: 0, built: 0, cached: 0, failed: 0 };

export function foldProgress(progress: Progress, { at, event }: StampedEvent): Progress {
  switch (event.type) {
    case 'plan-made':
      // A command may plan again, and then begins again.
      return { ...noProgress, actions: event.actions, labels: event.labels };
    case 'action-started':
      return begin(progress, at, { kind: 'action', name: event.label, reason: event.reason });
    case 'delivery-started':
      return begin(progress, at, { kind: 'delivery', name: event.destination, reason: 'delivering' });
    case 'download-started':
      return begin(progress, at, { kind: 'download', name: event.label, reason: event.what });
    case 'action-progress':
    case 'download-progress':
      return move(progress, event.label, { at, ...event });
    case 'delivery-progress':
      return move(progress, event.destination, { at, ...event });
    case 'action-finished':
      return { ...finish(progress, event.label), [event.outcome]: progress[event.outcome] + 1 };
    case 'action-failed':
      return { ...finish(progress, event.label), failed: progress.failed + 1 };
    case 'delivery-finished':
      return finish(progress, event.destination);
    case 'download-finished':
      return finish(progress, event.label);
    case 'image-finished':
    case 'diagnostic':
      return progress;
    default:
      return assertNever(event);
  }
}

function begin(
  progress: Progress,
  at: number,
  activity: Pick<Activity, 'kind' | 'name' | 'reason'>,
): Progress {
  const begun = { ...activity, startedAt: at, done: 0, rate: { at, done: 0 } };
  return { ...progress, active: [...progress.active, begun] };
}

interface Move {
  readonly at: number;
  readonly done: number;
  readonly total?: number;
}

function move(progress: Progress, name: string, { at, done, total }: Move): Progress {
  const moving = progress.active.findIndex((activity) => activity.name === name);
  const active = progress.active.map((activity, index) => {
    if (index !== moving) return activity;
    const rate = measureRate(activity.rate, { at, done });
    return { ...activity, done, rate, ...(total === undefined ? {} : { total }) };
  });
  return { ...progress, active };
}

/** Of activities with one name, the one that began first. */
function finish(progress: Progress, name: string): Progress {
  const at = progress.active.findIndex((activity) => activity.name === name);
  return { ...progress, active: progress.active.filter((_activity, index) => index !== at) };
}

/** How many of the plan's actions have not begun. */
export function waitingActions({ actions, built, cached, failed, active }: Progress): number {
  const begun = active.filter(({ kind }) => kind === 'action').length;
  // Other commands fetch without a plan.
  return Math.max(0, actions - built - cached - failed - begun);
}

/** Milliseconds that what this event ends was under way; undefined where it was not, and for every other event. */
export function durationOf(before: Progress, { at, event }: StampedEvent): number | undefined {
  const name = endedBy(event);
  const activity = before.active.find((one) => one.name === name);
  return activity === undefined ? undefined : at - activity.startedAt;
}

function endedBy(event: BuildEvent): string | undefined {
  switch (event.type) {
    case 'action-finished':
    case 'action-failed':
    case 'download-finished':
      return event.label;
    case 'delivery-finished':
      return event.destination;
    default:
      return undefined;
  }
}
