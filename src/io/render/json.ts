/** For programs: one JSON object a line, each event with its time in milliseconds since the build began. */
import type { Renderer, Screen } from './renderer.ts';

export function createJsonRenderer(screen: Screen): Renderer {
  return {
    show: ({ at, event }) => {
      screen.write(`${JSON.stringify({ at, ...event })}\n`);
    },
    close: () => undefined,
  };
}
