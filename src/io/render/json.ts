/** For programs: one JSON object a line, each event with its time in milliseconds since the command began. */
import type { BuildEvent } from '../../core/event/build-event.ts';
import type { EventLine } from '../../core/event/line-shape.ts';
import type { WatchEvent } from '../../core/event/watch-event.ts';
import type { Renderer, Screen } from './renderer.ts';

export function createJsonRenderer(screen: Screen): Renderer {
  return {
    show: ({ at, event }) => {
      screen.write(eventLine({ at, event }));
    },
    close: () => undefined,
  };
}

/** One line, its newline included. */
export function eventLine({
  at,
  event,
}: {
  readonly at: number;
  readonly event: BuildEvent | WatchEvent;
}): string {
  const line: EventLine = { at, ...event };
  return `${JSON.stringify(line)}\n`;
}
