/** The digest of a file tree, by node:crypto over its canonical text. */
import type { Digest } from '../../core/digest/digest.ts';
import { accountsIn, type AccountTexts } from '../../core/tree/account-texts.ts';
import type { FileTree, SourcedTree } from '../../core/tree/file-tree.ts';
import { treeText } from '../../core/tree/tree-text.ts';
import type { SourceTree } from '../../core/plan/snapshot.ts';
import { createHasher } from '../store/native-hasher.ts';

export function digestOfTree(tree: FileTree): Digest {
  const hasher = createHasher();
  for (const piece of treeText(tree)) hasher.update(Buffer.from(piece));
  return hasher.digest();
}

/** A tree as the snapshot holds it. */
export function sourceTreeOf(
  { tree, contents }: SourcedTree,
  more: Omit<SourceTree, keyof SourcedTree | 'digest'>,
): SourceTree {
  return { digest: digestOfTree(tree), tree, contents, ...more };
}

/** A folder or packages whose digest is known; the tree is made where somebody asks for it, once. */
export function lazySourceTree(
  known: Pick<SourceTree, 'digest'> & AccountTexts,
  make: () => SourcedTree,
): SourceTree {
  let made: SourcedTree | undefined;
  const sourced = (): SourcedTree => (made ??= make());
  return {
    digest: known.digest,
    single: false,
    ...accountsIn(known),
    get tree() {
      return sourced().tree;
    },
    get contents() {
      return sourced().contents;
    },
  };
}
