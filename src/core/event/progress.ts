/** One pure fold over stamped events: what is under way, since when and how far. Feeds the terminal and, later, reports. */
import { assertNever } from '../diagnostic/bug.ts';
import type { BuildEvent, StampedEvent } from './build-event.ts';

export interface Activity {
  /** An action's label, or a delivery's destination. */
  readonly name: string;
  readonly startedAt: number;
  readonly reason: string;
  /** Bytes. */
  readonly done: number;
  readonly total?: number;
}

export interface Progress {
  /** Under way, in the order in which they began. */
  readonly active: readonly Activity[];
  /** Labels of the plan's actions. */
  readonly labels: readonly string[];
  readonly actions: number;
  readonly built: number;
  readonly cached: number;
}

export const noProgress: Progress = { active: [], labels: [], actions: 0, built: 0, cached: 0 };

export function foldProgress(progress: Progress, { at, event }: StampedEvent): Progress {
  switch (event.type) {
    case 'plan-made':
      return { ...progress, actions: event.actions, labels: event.labels };
    case 'action-started':
      return begin(progress, { name: event.label, startedAt: at, reason: event.reason, done: 0 });
    case 'delivery-started':
      return begin(progress, { name: event.destination, startedAt: at, reason: 'delivering', done: 0 });
    case 'action-progress':
      return move(progress, event.label, event);
    case 'delivery-progress':
      return move(progress, event.destination, event);
    case 'action-finished':
      return { ...finish(progress, event.label), [event.outcome]: progress[event.outcome] + 1 };
    case 'action-failed':
      return finish(progress, event.label);
    case 'delivery-finished':
      return finish(progress, event.destination);
    case 'image-finished':
    case 'diagnostic':
      return progress;
    default:
      return assertNever(event);
  }
}

function begin(progress: Progress, activity: Activity): Progress {
  return { ...progress, active: [...progress.active, activity] };
}

function move(
  progress: Progress,
  name: string,
  moved: { readonly done: number; readonly total?: number },
): Progress {
  const { done, total } = moved;
  const change = total === undefined ? { done } : { done, total };
  const at = progress.active.findIndex((activity) => activity.name === name);
  const active = progress.active.map((activity, index) =>
    index === at ? { ...activity, ...change } : activity,
  );
  return { ...progress, active };
}

/** Of activities with one name, the one that began first. */
function finish(progress: Progress, name: string): Progress {
  const at = progress.active.findIndex((activity) => activity.name === name);
  return { ...progress, active: progress.active.filter((_activity, index) => index !== at) };
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
      return event.label;
    case 'delivery-finished':
      return event.destination;
    default:
      return undefined;
  }
}
