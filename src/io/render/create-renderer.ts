/** The renderer of each kind. */
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { formatDiagnostic } from '../../core/diagnostic/format-diagnostic.ts';
import type { SourceText } from '../../core/diagnostic/source-text.ts';
import type { RepositoryPath } from './annotation.ts';
import { createGithubRenderer } from './github.ts';
import { createJsonRenderer } from './json.ts';
import { createPlainRenderer } from './plain.ts';
import { createQuietRenderer } from './quiet.ts';
import type { Renderer, Screen } from './renderer.ts';
import { createTtyRenderer } from './tty.ts';

export type RendererKind = 'tty' | 'plain' | 'json' | 'quiet' | 'github';

/** What is known of the files that places of diagnostics name. */
export interface PlacedFiles {
  /** The text that places point into. */
  readonly sourceOf: (file: string) => SourceText | undefined;
  readonly pathOf: RepositoryPath;
}

export function createRenderer(
  kind: RendererKind,
  screen: Screen,
  { sourceOf, pathOf }: PlacedFiles,
): Renderer {
  const diagnosticText = (diagnostic: Diagnostic): string => {
    const { place } = diagnostic;
    const source = place === undefined ? undefined : sourceOf(place.file);
    const { color, isTty, columns } = screen;
    return formatDiagnostic(diagnostic, source, { color, ...(isTty ? { columns } : {}) });
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
    case 'github':
      return createGithubRenderer(screen, diagnosticText, pathOf);
  }
}
