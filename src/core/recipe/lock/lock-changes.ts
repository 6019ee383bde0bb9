/** What became of a lock, entry by entry, in the order of its text. */
import type { Digest } from '../../digest/digest.ts';
import type { Lock, LockedImage } from './lock.ts';

export interface LockChange {
  /** In full. */
  readonly reference: string;
  /** Absent where the entry is new. */
  readonly before?: Digest;
  /** Absent where the entry is gone. */
  readonly after?: Digest;
  /** Platforms that the entry says something of now, and did not before, or said otherwise. */
  readonly platforms: readonly string[];
  /** Platforms that it says nothing of any more. */
  readonly dropped: readonly string[];
}

export function lockChanges(before: Lock, after: Lock): LockChange[] {
  const references = [...new Set([...before.images.keys(), ...after.images.keys()])].sort();
  return references.flatMap((reference) => {
    const change = changeOf(reference, before.images.get(reference), after.images.get(reference));
    const same = change.before === change.after && change.platforms.length + change.dropped.length === 0;
    return same ? [] : [change];
  });
}

function changeOf(
  reference: string,
  before: LockedImage | undefined,
  after: LockedImage | undefined,
): LockChange {
  const [old, now] = [before, after].map((image) => image?.platforms ?? new Map<string, Digest>());
  return {
    reference,
    ...(before && { before: before.digest }),
    ...(after && { after: after.digest }),
    platforms: [...(now ?? [])].flatMap(([platform, digest]) =>
      old?.get(platform) === digest ? [] : [platform],
    ),
    dropped: [...(old?.keys() ?? [])].filter((platform) => now?.has(platform) !== true),
  };
}
