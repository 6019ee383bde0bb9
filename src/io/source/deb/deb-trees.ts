/** How the tree of Debian packages stands in the store. */
import { Bug } from '../../../core/diagnostic/bug.ts';
import type { Digest } from '../../../core/digest/digest.ts';
import {
  type Contents,
  type ContentSource,
  emptyContents,
  type FileTree,
  type SourcedTree,
} from '../../../core/tree/file-tree.ts';
import type { TreeFormat } from '../remembered-trees.ts';

export const debTrees: TreeFormat = {
  version: 2,
  textOf,
  treeOf: (text) => treeOf(text as TreeText),
};

interface TreeText {
  readonly tree: FileTree;
  /** For each file entry in turn: the number of its blob and where it starts there, or its content as base64. */
  readonly contents: readonly (readonly [blob: number, offset: number] | string)[];
  readonly blobs: readonly Digest[];
}

function textOf({ tree, contents }: SourcedTree): TreeText {
  const numbers = new Map<Digest, number>();
  const packed = tree.entries.flatMap((entry) =>
    entry.type === 'file' ? [packedSource(contents[entry.path], numbers)] : [],
  );
  return { tree, contents: packed, blobs: [...numbers.keys()] };
}

function packedSource(
  source: ContentSource | undefined,
  numbers: Map<Digest, number>,
): TreeText['contents'][number] {
  if (source?.in === 'literal') return source.base64;
  if (source?.in !== 'layer') throw new Bug('a file of a package has no content');
  const number = numbers.get(source.blob) ?? numbers.size;
  numbers.set(source.blob, number);
  return [number, source.offset];
}

function treeOf({ tree, contents, blobs }: TreeText): SourcedTree {
  return { tree, contents: contentsOf(tree, contents, blobs) };
}

function contentsOf(
  { entries }: FileTree,
  contents: TreeText['contents'],
  blobs: TreeText['blobs'],
): Contents {
  const sources = emptyContents();
  let file = 0;
  for (const entry of entries) {
    if (entry.type !== 'file') continue;
    sources[entry.path] = sourceOf(contents[file] ?? '', blobs);
    file += 1;
  }
  return sources;
}

function sourceOf(packed: TreeText['contents'][number], blobs: readonly Digest[]): ContentSource {
  if (typeof packed === 'string') return { in: 'literal', base64: packed };
  const [number, offset] = packed;
  const blob = blobs[number];
  if (blob === undefined) throw new Bug('a remembered root names a blob that it does not have');
  return { in: 'layer', blob, offset };
}
