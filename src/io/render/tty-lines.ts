/**
 * The lines of a terminal for what has ended (command-line.md, How it looks), newlines included. They stand whole, and
 * are broken between words where the terminal is narrow: nothing is lost.
 */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { padCells, wrapCells } from './cells.ts';
import { deliveryText, downloadText, type EventOf, fromCache, sizeText } from './event-text.ts';
import { green, paint, red } from './paint.ts';
import { formatBytes, formatDigest, formatDuration } from './quantity.ts';
import type { Screen } from './renderer.ts';

const indent = '    ';

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
  return wrapped(`  ${paint('✓', green, screen)} `, cells.join('  '), screen);
}

export function failedLine({ label }: Pick<EventOf<'action-failed'>, 'label'>, screen: Screen): string {
  return wrapped(`  ${paint('✗', red, screen)} `, `${escapeText(label)}  failed`, screen);
}

/** `  api  linux/amd64  sha256:7be1…  91.2 MB (48.5 MB new)`. */
export function imageLine(event: EventOf<'image-finished'>, screen: Screen): string {
  const platform = event.platform === undefined ? [] : [event.platform];
  const cells = [escapeText(event.name), ...platform, formatDigest(event.digest), sizeText(event)];
  return wrapped('  ', cells.join('  '), screen);
}

/** `  ghcr.io/acme/api:1.4.0  pushed 2 blobs (48.5 MB), 12 already there · 3.4 s`. */
export function deliveredLine(
  event: EventOf<'delivery-finished'>,
  took: number | undefined,
  screen: Screen,
): string {
  const time = took === undefined ? '' : ` · ${formatDuration(took)}`;
  return wrapped('  ', `${escapeText(event.destination)}  ${deliveryText(event)}${time}`, screen);
}

/** `  ✓ npm  fetched 67 packages (2.1 MB) · 3.4 s`. */
export function downloadedLine(
  event: EventOf<'download-finished'>,
  took: number | undefined,
  screen: Screen,
): string {
  if (event.outcome === 'failed') return failedLine(event, screen);
  const time = took === undefined ? '' : ` · ${formatDuration(took)}`;
  const text = `${escapeText(event.label)}  fetched ${downloadText(event)}${time}`;
  return wrapped(`  ${paint('✓', green, screen)} `, text, screen);
}

function wrapped(start: string, text: string, { columns }: Screen): string {
  return `${start}${wrapCells(text, columns - indent.length).join(`\n${indent}`)}\n`;
}
