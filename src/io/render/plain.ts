/** For logs: one line a change of state, no cursor movement, why a step runs on its start line. */
import { formatDiagnostic } from '../../core/diagnostic/format-diagnostic.ts';
import type { SourceText } from '../../core/diagnostic/source-text.ts';
import { eventText } from './event-text.ts';
import { formatSeconds } from './quantity.ts';
import type { Renderer, Screen } from './renderer.ts';

export function createPlainRenderer(
  screen: Screen,
  sourceOf: (file: string) => SourceText | undefined,
): Renderer {
  const startedAt = new Map<string, number>();
  return {
    show: ({ at, event }) => {
      if (event.type === 'diagnostic') {
        const { diagnostic } = event;
        const source = diagnostic.place === undefined ? undefined : sourceOf(diagnostic.place.file);
        screen.write(`${formatDiagnostic(diagnostic, source, { color: screen.color })}\n`);
        return;
      }
      const text = eventText(event);
      if (text === undefined) return;
      if (text.verb === 'start') startedAt.set(text.name, at);
      const began = startedAt.get(text.name);
      const took = text.verb === 'done' && began !== undefined ? ` (${formatSeconds(at - began)})` : '';
      screen.write(
        `[${formatSeconds(at).padStart(7)}] ${text.name}  ${text.verb}  ${text.detail}${took}`.trimEnd() +
          '\n',
      );
    },
    close: () => undefined,
  };
}
