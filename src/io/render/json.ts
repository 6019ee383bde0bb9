/** For programs: one JSON object a line, each event with its time in milliseconds since the command began. */
import type { EventLine } from '../../core/event/event-shape.ts';
import type { Renderer, Screen } from './renderer.ts';

export function createJsonRenderer(screen: Screen): Renderer {
  return {
    show: ({ at, event }) => {
      const line: EventLine = { at, ...event };
      screen.write(`${JSON.stringify(line)}\n`);
    },
    close: () => undefined,
  };
}
