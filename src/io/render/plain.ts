/**
 * For logs (command-line.md, How it looks): one line a change of state, no cursor movement, why a step runs on its
 * start line. Nothing is cut. Verbose adds a line for each blob that moves.
 */
import { assertNever } from '../../core/diagnostic/bug.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import type { BuildEvent } from '../../core/event/build-event.ts';
import { durationOf, foldProgress, noProgress, type Progress } from '../../core/event/progress.ts';
import { columnOf, padCells } from './cells.ts';
import { deliveryText, downloadText, fromCache, planText, sizeText } from './event-text.ts';
import { formatBytes, formatDigest, formatSeconds } from './quantity.ts';
import type { DiagnosticText, Renderer, Screen } from './renderer.ts';

/** Names stand in a column as wide as the plan's labels, up to this. */
const widestColumn = 32;

export function createPlainRenderer(screen: Screen, diagnosticText: DiagnosticText): Renderer {
  let progress: Progress = noProgress;
  let column = 0;
  return {
    show: (stamped) => {
      const { at, event } = stamped;
      const took = durationOf(progress, stamped);
      progress = foldProgress(progress, stamped);
      if (event.type === 'plan-made') column = columnOf(event.labels.map(escapeText), widestColumn);
      if (event.type === 'diagnostic') {
        screen.write(`${diagnosticText(event.diagnostic)}\n`);
        return;
      }
      const line = lineOf(event, screen.detail);
      if (line === undefined) return;
      const [name, verb, detail = ''] = line;
      const cells = [padCells(escapeText(name), column), verb.padEnd(5), detail];
      const seconds = took === undefined || verb !== 'done' ? '' : ` (${formatSeconds(took)})`;
      screen.write(`[${formatSeconds(at).padStart(6)}] ${cells.join('  ')}${seconds}`.trimEnd() + '\n');
    },
    close: () => undefined,
  };
}

type Line = readonly [name: string, verb: string, detail?: string];

/** Undefined for events that are no line of their own. */
function lineOf(
  event: Exclude<BuildEvent, { type: 'diagnostic' }>,
  detail: Screen['detail'],
): Line | undefined {
  if (isDownload(event)) return downloadLine(event);
  switch (event.type) {
    case 'plan-made':
      return ['plan', 'done', planText(event)];
    case 'action-started':
      return [event.label, 'start', event.reason];
    case 'action-progress':
      return undefined;
    case 'action-finished': {
      const verb = event.outcome === 'cached' ? 'cached' : 'done';
      const facts = [formatBytes(event.size), formatDigest(event.digest), ...fromCache(event)];
      return [event.label, verb, facts.join(' ')];
    }
    case 'action-failed':
      return [event.label, 'failed'];
    case 'image-finished': {
      const platform = event.platform === undefined ? '' : `${event.platform} `;
      return [event.name, 'image', `${platform}${event.digest} ${sizeText(event)}`];
    }
    case 'delivery-started':
      return [event.destination, 'start'];
    case 'delivery-progress':
      return detail === 'verbose' && event.item !== undefined
        ? [event.destination, 'blob', escapeText(event.item)]
        : undefined;
    case 'delivery-finished':
      return [event.destination, 'done', deliveryText(event)];
    default:
      return assertNever(event);
  }
}

type DownloadEvent = Extract<BuildEvent, { type: `download-${string}` }>;

function isDownload(event: BuildEvent): event is DownloadEvent {
  return event.type.startsWith('download-');
}

function downloadLine(event: DownloadEvent): Line | undefined {
  if (event.type === 'download-progress') return undefined;
  if (event.type === 'download-started') return [event.label, 'fetch', escapeText(event.what)];
  return event.outcome === 'failed' ? [event.label, 'failed'] : [event.label, 'done', downloadText(event)];
}
