/** The renderer of each kind. */
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { formatDiagnostic } from '../../core/diagnostic/format-diagnostic.ts';
import type { SourceText } from '../../core/diagnostic/source-text.ts';
import { createJsonRenderer } from './json.ts';
import { createPlainRenderer } from './plain.ts';
import { createQuietRenderer } from './quiet.ts';
import type { Renderer, Screen } from './renderer.ts';
import { createTtyRenderer } from './tty.ts';

export type RendererKind = 'tty' | 'plain' | 'json' | 'quiet';

/** `sourceOf` gives the text that a diagnostic's place points into. */
export function createRenderer(
  kind: RendererKind,
  screen: Screen,
  sourceOf: (file: string) => SourceText | undefined,
): Renderer {
  const diagnosticText = (diagnostic: Diagnostic): string => {
    const { place } = diagnostic;
    const source = place === undefined ? undefined : sourceOf(place.file);
    return formatDiagnostic(diagnostic, source, { color: screen.color });
  };
  switch (kind) {
    case 'tty':
      return createTtyRenderer(screen, diagnosticText);
    case 'plain':
      return createPlainRenderer(screen, diagnosticText);
    case 'json':
      return createJsonRenderer(screen);
    case 'quiet':
      return createQuietRenderer(screen, diagnosticText);
  }
}
