/**
 * What holds of every file tree, and the order of its entries. Readers of the world make trees, so a tree that breaks
 * a rule here is a fault of ours and not of what was read.
 */
import { Bug } from '../diagnostic/bug.ts';
import type { FileTree, TreeEntry } from './file-tree.ts';
import { comparePaths, type ImagePath, parseImagePath } from './image-path.ts';

/** The one order of entries: by the bytes of their paths. */
export function compareEntries(a: { readonly path: string }, b: { readonly path: string }): number {
  return comparePaths(a.path, b.path);
}

/** Throws a Bug that names the first entry that breaks a rule. */
export function checkTree(tree: FileTree): void {
  const seen = new Map<ImagePath, TreeEntry>();
  let last: TreeEntry | undefined;
  for (const entry of tree.entries) {
    const fault = faultOf(entry, { seen, last });
    if (fault !== undefined) throw new Bug(`file tree: ${JSON.stringify(entry.path)} ${fault}`);
    seen.set(entry.path, entry);
    last = entry;
  }
  checkLinkTargets(tree, seen);
}

function faultOf(
  entry: TreeEntry,
  before: { readonly seen: ReadonlyMap<ImagePath, TreeEntry>; readonly last: TreeEntry | undefined },
): string | undefined {
  const parsed = parseImagePath(entry.path);
  if (!parsed.ok || parsed.path !== entry.path) return 'is no clean image path';
  if (before.seen.has(entry.path)) return 'stands twice';
  if (before.last !== undefined && compareEntries(before.last, entry) > 0) return 'is out of order';
  return undefined;
}

/** A hardlink names an entry before it that is no hardlink itself, or something that this tree does not hold. */
function checkLinkTargets(tree: FileTree, entries: ReadonlyMap<ImagePath, TreeEntry>): void {
  for (const entry of tree.entries) {
    if (entry.type !== 'hardlink') continue;
    const target = entries.get(entry.target);
    if (target === undefined) continue;
    if (target.type !== 'file' || compareEntries(target, entry) > 0) {
      throw new Bug(`file tree: hardlink ${JSON.stringify(entry.path)} to ${JSON.stringify(entry.target)}`);
    }
  }
}
