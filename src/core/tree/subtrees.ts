/** Parts of a tree, each at and below a path of it, brought to another path. */
import type { SourcedTree } from './file-tree.ts';
import { inodesOf, type InodeTable, treeOfInodes } from './inodes.ts';
import { isWithin, type ImagePath, joinPath } from './image-path.ts';

export interface Subtree {
  readonly from: ImagePath;
  readonly to: ImagePath;
}

/** What stands at and below each `from`, at and below its `to`; folders above are left out. */
export function takeSubtrees(sourced: SourcedTree, subtrees: readonly Subtree[]): SourcedTree {
  const taken: InodeTable = new Map();
  for (const [path, inode] of inodesOf(sourced)) {
    for (const { from, to } of subtrees) {
      if (!isWithin(path, from)) continue;
      const rest = (from === '' ? path : path.slice(from.length + 1)) as ImagePath;
      taken.set(joinPath(to, rest), inode);
    }
  }
  return treeOfInodes(taken);
}
