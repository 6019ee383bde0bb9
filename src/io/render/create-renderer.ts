/** The renderer of each kind. */
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
  switch (kind) {
    case 'tty':
      return createTtyRenderer(screen, sourceOf);
    case 'plain':
      return createPlainRenderer(screen, sourceOf);
    case 'json':
      return createJsonRenderer(screen);
    case 'quiet':
      return createQuietRenderer(screen, sourceOf);
  }
}
