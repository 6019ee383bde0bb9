/** The words for events, shared by the renderers that people read. */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import type { BuildEvent } from '../../core/event/build-event.ts';
import { parseTransportReference } from '../../core/recipe/transport-reference.ts';
import { formatBytes, formatCount } from './quantity.ts';

export type EventOf<Type extends BuildEvent['type']> = Extract<BuildEvent, { type: Type }>;

/** `nothing to do: all 3 cached`, or what there is to do. */
export function planText({ actions, cached }: EventOf<'plan-made'>): string {
  const toRun = actions - cached;
  if (toRun === 0) return `nothing to do: all ${String(actions)} cached`;
  return `${formatCount(toRun, 'action')} to run, ${String(cached)} cached`;
}

/** `from ghcr.io/acme/cache`, for a result of a remote cache. */
export function fromCache({ from }: EventOf<'action-finished'>): string[] {
  return from === undefined ? [] : [`from ${escapeText(from)}`];
}

/** `91.2 MB (48.5 MB new)`. */
export function sizeText({ size, newBytes }: EventOf<'image-finished'>): string {
  return `${formatBytes(size)} (${formatBytes(newBytes)} new)`;
}

/** `67 packages (2.1 MB)`. */
export function downloadText({ what, bytes }: EventOf<'download-finished'>): string {
  return `${escapeText(what)} (${formatBytes(bytes)})`;
}

/** `pushed 2 blobs (48.5 MB), 12 already there`; `wrote …` where it is no registry. */
export function deliveryText({ destination, moved, present, bytes }: EventOf<'delivery-finished'>): string {
  const verb = isRegistry(destination) ? 'pushed' : 'wrote';
  const there = present === 0 ? '' : `, ${String(present)} already there`;
  return `${verb} ${formatCount(moved, 'blob')} (${formatBytes(bytes)})${there}`;
}

function isRegistry(destination: string): boolean {
  const parsed = parseTransportReference(destination);
  return parsed.ok && parsed.value.transport === 'registry';
}
