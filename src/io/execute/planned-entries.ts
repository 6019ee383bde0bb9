/** What a planned layer holds, entry by entry, as whoever packs it needs it. */
import { type LaidEntry, laidEntries } from '../../core/plan/lay-out.ts';
import type { LayerAction, PlanTrees } from '../../core/plan/plan.ts';
import type { TreeEntry } from '../../core/tree/file-tree.ts';
import { tarBytesOfEntries } from '../../core/tar/tar-size.ts';

export interface PlannedEntries {
  /** Sorted, laid out; to be iterated once. */
  readonly entries: Iterable<LaidEntry>;
  /** Bytes of the tar, but for extended headers and for what two placements share. */
  readonly tarBytes: number;
  /** Bytes of all files, but for what two placements share. */
  readonly contentBytes: number;
}

export function plannedEntries(action: LayerAction, trees: PlanTrees): PlannedEntries {
  const { placements, entries } = action;
  const placed = placements.map(({ tree }) => trees[tree]?.tree.entries ?? []);
  const all = [entries, ...placed];
  return {
    entries: laidEntries(action, (digest) => trees[digest]),
    tarBytes: all.reduce((sum, each) => sum + tarBytesOfEntries(each), 0),
    contentBytes: all.reduce((sum, each) => sum + bytesOfFiles(each), 0),
  };
}

function bytesOfFiles(entries: readonly TreeEntry[]): number {
  return entries.reduce((sum, entry) => (entry.type === 'file' ? sum + entry.size : sum), 0);
}
