/** What a renderer writes for a stream of events, to a screen that keeps it. */
import type { SourceText } from '../../../src/core/diagnostic/source-text.ts';
import type { StampedEvent } from '../../../src/core/event/build-event.ts';
import { createRenderer, type RendererKind } from '../../../src/io/render/create-renderer.ts';
import type { Screen } from '../../../src/io/render/renderer.ts';
import { recipe } from './event-stream.ts';

export type Look = Partial<Omit<Screen, 'write'>>;

/** The recipe, in a folder of a repository. */
export const files = {
  sourceOf: (file: string): SourceText | undefined => (file === recipe.name ? recipe : undefined),
  pathOf: (file: string): string => `deploy/${file}`,
};

/** Everything that is written, without colour on 80 columns where `look` says nothing else; closed twice at the end. */
export function rendered(kind: RendererKind, events: readonly StampedEvent[], look: Look = {}): string {
  let text = '';
  const write = (part: string): void => {
    text += part;
  };
  const size = { columns: 80, rows: 24 };
  const screen: Screen = { write, ...size, isTty: kind === 'tty', color: false, detail: 'normal', ...look };
  const renderer = createRenderer(kind, screen, files);
  for (const event of events) renderer.show(event);
  renderer.close();
  renderer.close();
  return text;
}
