/** Says only what is wrong. */
import type { DiagnosticText, Renderer, Screen } from './renderer.ts';

export function createQuietRenderer(screen: Screen, diagnosticText: DiagnosticText): Renderer {
  return {
    show: ({ event }) => {
      if (event.type !== 'diagnostic' || event.diagnostic.severity !== 'error') return;
      screen.write(`${diagnosticText(event.diagnostic)}\n`);
    },
    close: () => undefined,
  };
}
