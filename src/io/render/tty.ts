/**
 * For a terminal: what has ended stands as lines, what is under way is redrawn below them. Nothing that is redrawn is
 * wider than the terminal or wraps, so that redrawing never leaves half lines behind.
 */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import type { StampedEvent } from '../../core/event/build-event.ts';
import { durationOf, foldProgress, noProgress, type Progress } from '../../core/event/progress.ts';
import { columnOf, rowsOf } from './cells.ts';
import { planText } from './event-text.ts';
import { liveRows } from './live-rows.ts';
import { dim, paint } from './paint.ts';
import type { DiagnosticText, Renderer, Screen } from './renderer.ts';
import { deliveredLine, downloadedLine, failedLine, finishedLine, imageLine } from './tty-lines.ts';

/** Milliseconds. */
const redrawEvery = 80;
const widestColumn = 40;
/** Cells of a line besides its name: mark, size, time, and the blanks between. */
const besidesName = 22;

// ECMA-48 8.3.22 (CUU), 8.3.39 (ED); DEC private mode 7 (DECAWM): no wrapping while the lines below are drawn.
const upAndErase = (rows: number): string => (rows === 0 ? '' : `\u001b[${String(rows)}A\u001b[0J`);
const unwrapped = (text: string): string => (text === '' ? '' : `\u001b[?7l${text}\u001b[?7h`);

export function createTtyRenderer(screen: Screen, diagnosticText: DiagnosticText): Renderer {
  const ended = endedLines(screen, diagnosticText);
  let progress: Progress = noProgress;
  let drawn: readonly string[] = [];
  let drawnAt = -redrawEvery;
  // A terminal that has become narrower since has wrapped what was drawn.
  const erase = (): string => upAndErase(drawn.reduce((sum, row) => sum + rowsOf(row, screen.columns), 0));
  const redraw = (line: string, at: number): void => {
    const rows = liveRows(progress, at, screen);
    screen.write(erase() + line + unwrapped(rows.map((row) => `${paint(row, dim, screen)}\n`).join('')));
    [drawn, drawnAt] = [rows, at];
  };
  return {
    show: (stamped) => {
      const line = ended(stamped, progress);
      progress = foldProgress(progress, stamped);
      if (line !== undefined || stamped.at - drawnAt >= redrawEvery) redraw(line ?? '', stamped.at);
    },
    refresh: (at) => {
      if (drawn.length + progress.active.length > 0) redraw('', at);
    },
    close: () => {
      if (drawn.length > 0) screen.write(erase());
      drawn = [];
    },
  };
}

function nameColumn(labels: readonly string[], { columns }: Screen): number {
  const widest = Math.min(widestColumn, Math.max(1, columns - besidesName));
  return columnOf(labels.map(escapeText), widest);
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
        column = nameColumn(event.labels, screen);
        hasWork = event.cached < event.actions;
        return hasWork ? undefined : `  ${planText(event)}\n`;
      case 'action-finished': {
        const isShown = isVerbose || (hasWork && (event.kind === 'layer' || event.kind === 'fetch'));
        return isShown ? finishedLine(event, durationOf(before, stamped), { screen, column }) : undefined;
      }
      case 'action-failed':
        return failedLine(event, screen);
      case 'image-finished':
        return imageLine(event, screen);
      case 'download-finished':
        return downloadedLine(event, durationOf(before, stamped), screen);
      case 'delivery-finished':
        return deliveredLine(event, durationOf(before, stamped), screen);
      case 'diagnostic':
        return `${diagnosticText(event.diagnostic)}\n`;
      default:
        return undefined;
    }
  };
}
