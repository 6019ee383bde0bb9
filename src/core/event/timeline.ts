/**
 * When each action and delivery of a build was under way: what stamped events say once the build is over. Plain JSON,
 * kept with the build's records and drawn by the report.
 */
import type { BuildEvent, StampedEvent } from './build-event.ts';

export interface Timeline {
  /** Milliseconds from the build's beginning to the last thing that ended. */
  readonly duration: number;
  /** In the order in which they ended. */
  readonly spans: readonly TimelineSpan[];
}

export interface TimelineSpan {
  /** An action's label, or a delivery's destination. */
  readonly name: string;
  /** The kind of the action, or `delivery`. */
  readonly kind: string;
  readonly outcome: 'built' | 'cached' | 'failed' | 'delivered';
  /** Milliseconds since the build began; both the same for what was known already. */
  readonly from: number;
  readonly to: number;
  /** Bytes of the result, or bytes that were written. */
  readonly bytes: number;
  readonly reason: string;
}

export function timelineOf(stamped: readonly StampedEvent[]): Timeline {
  const begun: StampedEvent[] = [];
  const spans: TimelineSpan[] = [];
  for (const one of stamped) {
    if (isBeginning(one.event)) begun.push(one);
    const ended = endOf(one);
    if (ended === undefined) continue;
    // Of things with one name, the one that began first.
    const at = begun.findIndex(({ event }) => nameOf(event) === ended.name);
    const [start] = at < 0 ? [] : begun.splice(at, 1);
    spans.push({ ...ended, from: start?.at ?? ended.to });
  }
  return { duration: Math.max(0, ...spans.map(({ to }) => to)), spans };
}

function isBeginning({ type }: BuildEvent): boolean {
  return type === 'action-started' || type === 'delivery-started';
}

function nameOf(event: BuildEvent): string | undefined {
  if ('label' in event) return event.label;
  return 'destination' in event ? event.destination : undefined;
}

function endOf({ at, event }: StampedEvent): Omit<TimelineSpan, 'from'> | undefined {
  switch (event.type) {
    case 'action-finished': {
      const { label, kind, outcome, size, reason } = event;
      return { name: label, kind, outcome, to: at, bytes: size, reason };
    }
    case 'action-failed':
      return { name: event.label, kind: event.kind, outcome: 'failed', to: at, bytes: 0, reason: '' };
    case 'delivery-finished':
      return {
        name: event.destination,
        kind: 'delivery',
        outcome: 'delivered',
        to: at,
        bytes: event.bytes,
        reason: '',
      };
    default:
      return undefined;
  }
}
