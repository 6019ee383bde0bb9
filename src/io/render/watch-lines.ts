/** The lines of a watch (command-line.md, How it looks): one a rebuild, newlines included. */
import { assertNever } from '../../core/diagnostic/bug.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import type { RebuildFinished, RebuiltImage, WatchEvent } from '../../core/event/watch-event.ts';
import { formatCount, formatDigest, formatDuration } from './quantity.ts';

export interface LineFacts {
  /** The time of day. */
  readonly time: string;
  /** Milliseconds since something changed; undefined where a build was asked for. */
  readonly took: number | undefined;
  readonly detail: 'normal' | 'verbose';
}

/** Undefined for what is not worth a line. */
export function watchLine(event: WatchEvent, facts: LineFacts): string | undefined {
  switch (event.type) {
    case 'watching':
      return `watching ${formatCount(event.folders, 'folder')}${event.keys ? '; keys: r rebuild, e explain, q quit' : ''}\n`;
    case 'serving':
      return event.references.map((reference) => `serving ${escapeText(reference)}\n`).join('');
    case 'rebuild-started':
    case 'build-began':
    case 'build-ended':
      return undefined;
    case 'rebuild-finished':
      return rebuildLine(event, facts);
    case 'explained':
      return event.text;
    default:
      return assertNever(event);
  }
}

/** `20:31:07  1 file changed: server.js → copy dist  0.1 s  sha256:1f2e… → sha256:7be1…`. */
function rebuildLine(event: RebuildFinished, { time, took, detail }: LineFacts): string | undefined {
  const { outcome, images } = event;
  const seconds = took === undefined ? [] : [formatDuration(took)];
  switch (outcome) {
    case 'rebuilt':
      return lineOf([time, ...causesText(event), ...seconds, imagesText(images)]);
    case 'unchanged':
      return event.cause === 'asked' || detail === 'verbose' ? lineOf([time, 'nothing changed']) : undefined;
    case 'failed':
    case 'failed-again': {
      const words = outcome === 'failed' ? 'failed' : 'still failing, as said above';
      const kept = images.map(({ digest }) => formatDigest(digest)).join(', ');
      return lineOf([time, words, ...(kept === '' ? [] : [`the last good image is ${kept}`])]);
    }
  }
}

function lineOf(cells: readonly string[]): string {
  return `${cells.join('  ')}\n`;
}

function causesText({ causes, cause }: RebuildFinished): string[] {
  if (causes.length === 0) return [cause === 'asked' ? 'asked for' : 'as before'];
  return [causes.map(({ reason, label }) => `${reason} → ${escapeText(label)}`).join('; ')];
}

function imagesText(images: readonly RebuiltImage[]): string {
  return images
    .map(({ name, digest, before }) => {
      const named = images.length > 1 ? `${escapeText(name)} ` : '';
      return `${named}${before === undefined || before === digest ? '' : `${formatDigest(before)} → `}${formatDigest(digest)}`;
    })
    .join(', ');
}
