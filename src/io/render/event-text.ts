/** The words for each event, shared by the renderers that people read. Names are escaped: they may come from outside. */
import { assertNever } from '../../core/diagnostic/bug.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import type { BuildEvent } from '../../core/event/build-event.ts';
import { formatBytes, formatCount, formatDigest } from './quantity.ts';

export interface EventText {
  readonly name: string;
  readonly verb: string;
  readonly detail: string;
}

/** Undefined for events that are no line of their own. */
export function eventText(event: BuildEvent): EventText | undefined {
  switch (event.type) {
    case 'plan-made':
      return { name: 'plan', verb: 'done', detail: planText(event) };
    case 'action-started':
      return { name: escapeText(event.label), verb: 'start', detail: event.reason };
    case 'action-finished':
      return {
        name: escapeText(event.label),
        verb: event.outcome === 'cached' ? 'cached' : 'done',
        detail: `${formatBytes(event.size)} ${formatDigest(event.digest)}`,
      };
    case 'action-failed':
      return { name: escapeText(event.label), verb: 'failed', detail: '' };
    case 'image-finished':
      return { name: escapeText(event.name), verb: 'image', detail: imageText(event) };
    case 'delivery-started':
      return { name: escapeText(event.destination), verb: 'start', detail: '' };
    case 'delivery-finished':
      return { name: escapeText(event.destination), verb: 'done', detail: deliveryText(event) };
    case 'action-progress':
    case 'delivery-progress':
    case 'diagnostic':
      return undefined;
    default:
      return assertNever(event);
  }
}

function planText(event: Extract<BuildEvent, { type: 'plan-made' }>): string {
  const toRun = event.actions - event.cached;
  if (toRun === 0) return `nothing to do: all ${String(event.actions)} cached`;
  return `${formatCount(toRun, 'action')} to run, ${String(event.cached)} cached`;
}

function imageText(event: Extract<BuildEvent, { type: 'image-finished' }>): string {
  const platform = event.platform === undefined ? '' : `${event.platform} `;
  return `${platform}${event.digest} ${formatBytes(event.size)} (${formatBytes(event.newBytes)} new)`;
}

function deliveryText(event: Extract<BuildEvent, { type: 'delivery-finished' }>): string {
  return `${formatCount(event.moved, 'blob')} written (${formatBytes(event.bytes)}), ${String(event.present)} already there`;
}
