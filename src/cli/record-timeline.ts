/** Notes what a command's build emits, to tell afterwards when each action and delivery was under way. */
import type { StampedEvent } from '../core/event/build-event.ts';
import { type Timeline, timelineOf } from '../core/event/timeline.ts';
import type { Session } from './session.ts';
import type { Surroundings } from './surroundings.ts';

export interface TimedSession {
  /** As the session that was given; what it emits is noted too. */
  readonly session: Session;
  /** So far. */
  readonly timeline: () => Timeline;
}

export function recordTimeline(session: Session, { now }: Pick<Surroundings, 'now'>): TimedSession {
  const began = now();
  const stamped: StampedEvent[] = [];
  return {
    session: {
      ...session,
      emit: (event) => {
        // Of a long build most events are progress, which says nothing of beginnings and ends.
        if (!event.type.endsWith('-progress')) stamped.push({ at: Math.round(now() - began), event });
        session.emit(event);
      },
    },
    timeline: () => timelineOf(stamped),
  };
}
