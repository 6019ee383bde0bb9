/** Says only what is wrong. */
import { formatDiagnostic } from '../../core/diagnostic/format-diagnostic.ts';
import type { SourceText } from '../../core/diagnostic/source-text.ts';
import type { Renderer, Screen } from './renderer.ts';

export function createQuietRenderer(
  screen: Screen,
  sourceOf: (file: string) => SourceText | undefined,
): Renderer {
  return {
    show: ({ event }) => {
      if (event.type !== 'diagnostic' || event.diagnostic.severity !== 'error') return;
      const { place } = event.diagnostic;
      const source = place === undefined ? undefined : sourceOf(place.file);
      screen.write(`${formatDiagnostic(event.diagnostic, source, { color: screen.color })}\n`);
    },
    close: () => undefined,
  };
}
