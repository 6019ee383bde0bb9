/** What a planned layer holds, entry by entry, as whoever packs it needs it. */
import { type LaidEntry, laidEntries } from '../../core/plan/lay-out.ts';
import type { LayerAction, PlanTrees } from '../../core/plan/plan.ts';
import { tarBytesOfEntries } from '../../core/tar/tar-size.ts';

export interface PlannedEntries {
  /** Sorted, laid out; to be iterated once. */
  readonly entries: Iterable<LaidEntry>;
  /** Bytes of the tar, but for extended headers and for what two placements share. */
  readonly tarBytes: number;
}

export function plannedEntries(action: LayerAction, trees: PlanTrees): PlannedEntries {
  const { placements, entries } = action;
  const placed = placements.map(({ tree }) => trees[tree]?.tree.entries ?? []);
  return {
    entries: laidEntries(action, (digest) => trees[digest]),
    tarBytes: [entries, ...placed].reduce((sum, each) => sum + tarBytesOfEntries(each), 0),
  };
}
