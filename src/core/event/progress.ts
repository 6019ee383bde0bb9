/** One pure fold over stamped events: what is under way, since when and how far. Feeds the terminal and, later, reports. */
import { assertNever } from '../diagnostic/bug.ts';
import type { StampedEvent } from './build-event.ts';

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
  readonly actions: number;
  readonly built: number;
  readonly cached: number;
}

export const noProgress: Progress = { active: [], actions: 0, built: 0, cached: 0 };

export function foldProgress(progress: Progress, { at, event }: StampedEvent): Progress {
  switch (event.type) {
    case 'plan-made':
      return { ...progress, actions: event.actions };
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
  const active = progress.active.map((activity) =>
    activity.name === name ? { ...activity, ...change } : activity,
  );
  return { ...progress, active };
}

function finish(progress: Progress, name: string): Progress {
  return { ...progress, active: progress.active.filter((activity) => activity.name !== name) };
}
