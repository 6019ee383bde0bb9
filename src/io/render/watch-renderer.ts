/**
 * A renderer around another: while a watch builds again, one line stands for all that the build says, and only what is
 * wrong is shown at once. The json renderer's readers get every event.
 */
import type { BuildEvent, StampedEvent } from '../../core/event/build-event.ts';
import type { WatchEvent } from '../../core/event/watch-event.ts';
import type { RendererKind } from './create-renderer.ts';
import { eventLine } from './json.ts';
import type { Renderer, Screen } from './renderer.ts';
import { timeOfDay } from './time-of-day.ts';
import { watchLine } from './watch-lines.ts';

export interface WatchRenderer extends Renderer {
  /** `at` as in a StampedEvent. */
  tell(stamped: { readonly at: number; readonly event: WatchEvent }): void;
}

export interface WatchRendering {
  readonly inner: Renderer;
  readonly screen: Screen;
  readonly kind: RendererKind;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
}

export function createWatchRenderer({ inner, screen, kind, wallClock }: WatchRendering): WatchRenderer {
  let since: number | undefined;
  const isShown = ({ type }: BuildEvent): boolean =>
    since === undefined || type === 'diagnostic' || kind === 'json' || screen.detail === 'verbose';
  return {
    show: (stamped: StampedEvent) => {
      if (isShown(stamped.event)) inner.show(stamped);
    },
    refresh: (at) => inner.refresh?.(at),
    tell: ({ at, event }) => {
      const took = since === undefined ? undefined : at - since;
      if (event.type === 'rebuild-started') since ??= at;
      if (event.type === 'rebuild-finished') since = undefined;
      if (kind === 'quiet') return;
      if (kind === 'json') {
        screen.write(eventLine({ at, event }));
        return;
      }
      const line = watchLine(event, { time: timeOfDay(wallClock()), took, detail: screen.detail });
      if (line === undefined) return;
      inner.close();
      screen.write(line);
    },
    close: () => {
      inner.close();
    },
  };
}
