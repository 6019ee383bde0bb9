/**
 * The trees of an `npm` source as they are remembered: their digests at hand, their entries parsed only where somebody
 * asks for them, since a planner that knows a digest needs no entry.
 */
import { type Digest, parseDigest } from '../../core/digest/digest.ts';
import type { SourceTree } from '../../core/plan/snapshot.ts';
import {
  type ContentSource,
  emptyContents,
  type SourcedTree,
  type TreeEntry,
} from '../../core/tree/file-tree.ts';
import type { Store } from '../store/store.ts';
import { digestOfTree } from './digest-tree.ts';
import { recall, remember } from './remembered.ts';

/** Plain JSON. */
export interface NpmTrees {
  readonly parts: readonly { readonly digest: Digest; readonly text: string }[];
}

/** The entries, and for each file in turn where its content is. */
interface TreeText {
  readonly entries: readonly TreeEntry[];
  readonly sources: readonly ContentSource[];
}

export async function recallTrees(store: Store, key: Digest): Promise<NpmTrees | undefined> {
  const known = (await recall(store, 'npm', key)) as NpmTrees | undefined;
  return known?.parts.every(({ digest }) => parseDigest(digest).ok) === true ? known : undefined;
}

export async function rememberTrees(
  store: Store,
  key: Digest,
  laid: readonly SourcedTree[],
): Promise<NpmTrees> {
  const parts = laid.map(({ tree, contents }) => {
    const sources = tree.entries.flatMap(({ path, type }) => (type === 'file' ? (contents[path] ?? []) : []));
    const text: TreeText = { entries: tree.entries, sources };
    return { digest: digestOfTree(tree), text: JSON.stringify(text) };
  });
  await remember(store, { kind: 'npm', key }, { parts });
  return { parts };
}

export function treesOf({ parts }: NpmTrees): SourceTree[] {
  return parts.map(({ digest, text }) => {
    let made: SourcedTree | undefined;
    const sourced = (): SourcedTree => (made ??= sourcedOf(text));
    return {
      digest,
      single: false,
      get tree() {
        return sourced().tree;
      },
      get contents() {
        return sourced().contents;
      },
    };
  });
}

function sourcedOf(text: string): SourcedTree {
  const { entries, sources } = JSON.parse(text) as TreeText;
  const contents = emptyContents();
  let file = 0;
  for (const entry of entries) {
    if (entry.type !== 'file') continue;
    const source = sources[file];
    if (source !== undefined) contents[entry.path] = source;
    file += 1;
  }
  return { tree: { entries }, contents };
}
