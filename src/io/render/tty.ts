/**
 * For a terminal: what has ended stands as lines, what is under way is redrawn below them. Nothing is wider than the
 * terminal, so that redrawing never leaves half lines behind.
 */
import { formatDiagnostic } from '../../core/diagnostic/format-diagnostic.ts';
import type { SourceText } from '../../core/diagnostic/source-text.ts';
import type { StampedEvent } from '../../core/event/build-event.ts';
import { type Activity, foldProgress, noProgress, type Progress } from '../../core/event/progress.ts';
import { eventText } from './event-text.ts';
import { formatBytes, formatSeconds } from './quantity.ts';
import type { Renderer, Screen } from './renderer.ts';

const redrawEvery = 80;
const dim = 2;
const green = 32;
const red = 31;

export function createTtyRenderer(
  screen: Screen,
  sourceOf: (file: string) => SourceText | undefined,
): Renderer {
  let progress: Progress = noProgress;
  let drawn = 0;
  let drawnAt = -redrawEvery;
  const erase = (): void => {
    if (drawn > 0) screen.write(`\u001b[${String(drawn)}A\u001b[0J`);
    drawn = 0;
  };
  const draw = (at: number): void => {
    const lines = progress.active.map((activity) => activityLine(activity, at, screen));
    screen.write(lines.join(''));
    drawn = lines.length;
    drawnAt = at;
  };
  return {
    show: (stamped) => {
      progress = foldProgress(progress, stamped);
      const line = finalLine(stamped, screen, sourceOf);
      if (line === undefined && stamped.at - drawnAt < redrawEvery) return;
      erase();
      if (line !== undefined) screen.write(line);
      draw(stamped.at);
    },
    close: erase,
  };
}

function finalLine(
  { event }: StampedEvent,
  screen: Screen,
  sourceOf: (file: string) => SourceText | undefined,
): string | undefined {
  if (event.type === 'diagnostic') {
    const { place } = event.diagnostic;
    const source = place === undefined ? undefined : sourceOf(place.file);
    return `${formatDiagnostic(event.diagnostic, source, { color: screen.color })}\n`;
  }
  const text = eventText(event);
  if (text === undefined || text.verb === 'start' || text.name === 'plan') return undefined;
  if (event.type === 'image-finished') return fit(`  ${text.detail}`, screen);
  const mark = text.verb === 'failed' ? paint('✗', red, screen) : paint('✓', green, screen);
  const reason = event.type === 'action-finished' && event.outcome === 'built' ? event.reason : text.verb;
  return `  ${mark} ${fit(`${text.name}  ${text.detail}  ${reason}`, screen, 4)}`;
}

function activityLine(activity: Activity, at: number, screen: Screen): string {
  const amount =
    activity.total === undefined
      ? formatBytes(activity.done)
      : `${formatBytes(activity.done)} of ${formatBytes(activity.total)}`;
  const text = `  … ${activity.name}  ${amount}  ${formatSeconds(at - activity.startedAt)}  ${activity.reason}`;
  return paint(fit(text, screen), dim, screen);
}

/** One line of the terminal, newline included; `used` columns are taken already. */
function fit(text: string, screen: Screen, used = 0): string {
  const room = Math.max(screen.columns - used - 1, 1);
  return `${text.length > room ? `${text.slice(0, room - 1)}…` : text}\n`;
}

function paint(text: string, color: number, screen: Screen): string {
  return screen.color ? `\u001b[${String(color)}m${text}\u001b[0m` : text;
}
