/**
 * The lines of a terminal (command-line.md, How it looks), newlines included. What has ended stands whole, and wraps
 * where it is long: nothing is lost. What is under way is cut to one row, since it is drawn again.
 */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import type { Activity } from '../../core/event/progress.ts';
import { fitCells, padCells } from './cells.ts';
import { deliveryText, type EventOf, fromCache, sizeText } from './event-text.ts';
import { formatBytes, formatDigest, formatDuration } from './quantity.ts';
import type { Screen } from './renderer.ts';

const dim = '2';
const green = '32';
const red = '31';

/** `  ✓ npm    48.1 MB  1.9 s  package-lock.json changed`; `column` is the width of the names. */
export function finishedLine(
  event: EventOf<'action-finished'>,
  took: number | undefined,
  { screen, column }: { readonly screen: Screen; readonly column: number },
): string {
  const isCached = event.outcome === 'cached';
  const cells = [
    padCells(escapeText(event.label), column),
    formatBytes(event.size).padStart(8),
    (isCached ? 'cached' : formatDuration(took ?? 0)).padEnd(6),
    // A base is known by its digest too.
    ...(event.kind === 'fetch' ? [formatDigest(event.digest)] : []),
    ...(isCached ? fromCache(event) : [event.reason]),
  ];
  return `  ${paint('✓', green, screen)} ${cells.join('  ').trimEnd()}\n`;
}

export function failedLine({ label }: EventOf<'action-failed'>, screen: Screen): string {
  return `  ${paint('✗', red, screen)} ${escapeText(label)}  failed\n`;
}

/** `  api  linux/amd64  sha256:7be1…  91.2 MB (48.5 MB new)`. */
export function imageLine(event: EventOf<'image-finished'>): string {
  const platform = event.platform === undefined ? [] : [event.platform];
  const cells = [escapeText(event.name), ...platform, formatDigest(event.digest), sizeText(event)];
  return `  ${cells.join('  ')}\n`;
}

/** `  ghcr.io/acme/api:1.4.0  pushed 2 blobs (48.5 MB), 12 already there · 3.4 s`. */
export function deliveredLine(event: EventOf<'delivery-finished'>, took: number | undefined): string {
  const time = took === undefined ? '' : ` · ${formatDuration(took)}`;
  return `  ${escapeText(event.destination)}  ${deliveryText(event)}${time}\n`;
}

/** What is under way. */
export function activityLine(activity: Activity, at: number, screen: Screen): string {
  const { name, done, total, reason, startedAt } = activity;
  const amount = total === undefined ? formatBytes(done) : `${formatBytes(done)} of ${formatBytes(total)}`;
  const cells = [escapeText(name), amount, formatDuration(at - startedAt), reason];
  return row(`  … ${cells.join('  ')}`, screen);
}

/** How many more there are than are shown. */
export function moreLine(count: number, screen: Screen): string {
  return row(`  … and ${String(count)} more`, screen);
}

/** One row of the terminal; its last cell stays free, since some terminals wrap behind it. */
function row(text: string, screen: Screen): string {
  return `${paint(fitCells(text, Math.max(screen.columns - 1, 1)), dim, screen)}\n`;
}

function paint(text: string, parameter: string, screen: Screen): string {
  return screen.color ? `\u001b[${parameter}m${text}\u001b[0m` : text;
}
