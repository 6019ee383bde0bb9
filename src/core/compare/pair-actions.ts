/**
 * Which action of an earlier build an action follows: the one with its key wherever it stands, else the one of its name,
 * else the one at its place in the recipe. So a layer that moved is the same layer, and one that was renamed too.
 */
import { formatPlatform } from '../oci/platform.ts';
import type { Action } from '../plan/plan.ts';

export interface PairedActions {
  /** In the order of the later actions, and what each follows. */
  readonly pairs: readonly { readonly now: Action; readonly before: Action | undefined }[];
  /** Earlier actions that none follows. */
  readonly gone: readonly Action[];
}

export function pairActions(now: readonly Action[], before: readonly Action[]): PairedActions {
  const partners = new Map<Action, Action>();
  const free = new Set(before);
  for (const sameness of samenesses) {
    const known = new Map<string, Action[]>();
    for (const action of free) known.set(sameness(action), [...(known.get(sameness(action)) ?? []), action]);
    for (const action of now) {
      const partner = partners.has(action) ? undefined : known.get(sameness(action))?.shift();
      if (partner === undefined) continue;
      partners.set(action, partner);
      free.delete(partner);
    }
  }
  return { pairs: now.map((action) => ({ now: action, before: partners.get(action) })), gone: [...free] };
}

const samenesses: readonly ((action: Action) => string)[] = [
  ({ key }) => key,
  (action) => [action.kind, platformOf(action), action.label].join(' '),
  (action) => [action.kind, platformOf(action), action.cause].join(' '),
];

function platformOf(action: Action): string {
  return action.kind === 'image' || action.kind === 'fetch' ? formatPlatform(action.platform) : '';
}
