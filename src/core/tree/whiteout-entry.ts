/** What whiteouts take away of the layers below (image-spec layer.md, Whiteouts and Opaque Whiteout). */
import type { OpaqueEntry, RemovedEntry, TreeEntry } from './file-tree.ts';
import { type ImagePath, isWithin } from './image-path.ts';

export type WhiteoutEntry = RemovedEntry | OpaqueEntry;

export function isWhiteout(entry: TreeEntry): entry is WhiteoutEntry {
  return entry.type === 'removed' || entry.type === 'opaque';
}

/**
 * Whether an entry takes away what lower layers have at `standing`: a whiteout its own path too, an opaque one and
 * whatever takes a folder's place only what is below.
 */
export function takesAway({ type, path }: Pick<TreeEntry, 'type' | 'path'>, standing: ImagePath): boolean {
  return isWithin(standing, path) && (type === 'removed' || standing !== path);
}
