/**
 * For a terminal: what has ended stands as lines, what is under way is redrawn below them. Nothing that is redrawn is
 * wider than the terminal or wraps, so that redrawing never leaves half lines behind.
 */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import type { StampedEvent } from '../../core/event/build-event.ts';
import { durationOf, foldProgress, noProgress, type Progress } from '../../core/event/progress.ts';
import { columnOf } from './cells.ts';
import { planText } from './event-text.ts';
import type { DiagnosticText, Renderer, Screen } from './renderer.ts';
import { activityLine, deliveredLine, failedLine, finishedLine, imageLine, moreLine } from './tty-lines.ts';

/** Milliseconds. */
const redrawEvery = 80;
/** A terminal that is lower than what is redrawn would scroll it away. */
const mostActivities = 8;
const widestColumn = 40;

// ECMA-48 8.3.22 (CUU), 8.3.39 (ED); DEC private mode 7 (DECAWM): no wrapping while the lines below are drawn.
const upAndErase = (rows: number): string => `\u001b[${String(rows)}A\u001b[0J`;
const unwrapped = (text: string): string => (text === '' ? '' : `\u001b[?7l${text}\u001b[?7h`);

export function createTtyRenderer(screen: Screen, diagnosticText: DiagnosticText): Renderer {
  const ended = endedLines(screen, diagnosticText);
  let progress: Progress = noProgress;
  let drawn = 0;
  let drawnAt = -redrawEvery;
  const redraw = (line: string, at: number): void => {
    const lines = activityLines(progress, at, screen);
    screen.write((drawn > 0 ? upAndErase(drawn) : '') + line + unwrapped(lines.join('')));
    [drawn, drawnAt] = [lines.length, at];
  };
  return {
    show: (stamped) => {
      const line = ended(stamped, progress);
      progress = foldProgress(progress, stamped);
      if (line !== undefined || stamped.at - drawnAt >= redrawEvery) redraw(line ?? '', stamped.at);
    },
    close: () => {
      if (drawn > 0) screen.write(upAndErase(drawn));
      drawn = 0;
    },
  };
}

function activityLines({ active }: Progress, at: number, screen: Screen): string[] {
  const more = active.length - mostActivities;
  const lines = active.slice(0, mostActivities).map((activity) => activityLine(activity, at, screen));
  return more > 0 ? [...lines, moreLine(more, screen)] : lines;
}

/** The line that an event leaves behind, if any; `before` is what was under way. */
function endedLines(
  screen: Screen,
  diagnosticText: DiagnosticText,
): (stamped: StampedEvent, before: Progress) => string | undefined {
  let column = 0;
  let hasWork = true;
  return (stamped, before) => {
    const { event } = stamped;
    const isVerbose = screen.detail === 'verbose';
    switch (event.type) {
      case 'plan-made':
        column = columnOf(event.labels.map(escapeText), Math.min(widestColumn, screen.columns >> 1));
        hasWork = event.cached < event.actions;
        return hasWork ? undefined : `  ${planText(event)}\n`;
      case 'action-finished': {
        const isShown = isVerbose || (hasWork && (event.kind === 'layer' || event.kind === 'fetch'));
        return isShown ? finishedLine(event, durationOf(before, stamped), { screen, column }) : undefined;
      }
      case 'action-failed':
        return failedLine(event, screen);
      case 'image-finished':
        return imageLine(event);
      case 'delivery-finished':
        return deliveredLine(event, durationOf(before, stamped));
      case 'diagnostic':
        return `${diagnosticText(event.diagnostic)}\n`;
      default:
        return undefined;
    }
  };
}
