/** How the trees of an `npm` source stand in the store: JSON without what is the same in every entry. */
import { type Digest, encodedOf, trustedDigest } from '../../core/digest/digest.ts';
import { compareEntries } from '../../core/tree/check-tree.ts';
import {
  type ContentSource,
  emptyContents,
  type FileEntry,
  type SourcedTree,
  type TreeEntry,
} from '../../core/tree/file-tree.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import type { TreeFormat } from './remembered-trees.ts';

export const npmTrees: TreeFormat = {
  version: 2,
  textOf,
  treeOf: (text) => treeOf(text as TreeText),
};

interface TreeText {
  readonly tarballs: readonly Digest[];
  /** Path, mode, size, hex of the digest, and where the content is: a tarball's position and an offset in it, or in full. */
  readonly files: readonly (readonly [ImagePath, number, number, string, SourceText])[];
  readonly folders: readonly ImagePath[];
  /** Path and target. */
  readonly links: readonly (readonly [ImagePath, string])[];
}

type SourceText = readonly [number, number] | ContentSource;

function textOf({ tree, contents }: SourcedTree): TreeText {
  const positions = new Map<Digest, number>();
  const files: TreeText['files'][number][] = [];
  const folders: ImagePath[] = [];
  const links: TreeText['links'][number][] = [];
  for (const entry of tree.entries) {
    if (entry.type === 'directory') folders.push(entry.path);
    else if (entry.type === 'symlink') links.push([entry.path, entry.target]);
    else if (entry.type === 'file') files.push(fileText(entry, contents[entry.path], positions));
  }
  return { tarballs: [...positions.keys()], files, folders, links };
}

function fileText(
  { path, mode, size, digest }: FileEntry,
  source: ContentSource | undefined,
  positions: Map<Digest, number>,
): TreeText['files'][number] {
  const content = source ?? ({ in: 'literal', base64: '' } as const);
  if (content.in !== 'layer') return [path, mode, size, encodedOf(digest), content];
  const position = positions.get(content.blob) ?? positions.size;
  positions.set(content.blob, position);
  return [path, mode, size, encodedOf(digest), [position, content.offset]];
}

const plain = { uid: 0, gid: 0, mtime: { seconds: 0 } } as const;

function treeOf({ tarballs, files, folders, links }: TreeText): SourcedTree {
  const contents = emptyContents();
  const entries: TreeEntry[] = [
    ...folders.map((path) => ({ type: 'directory', path, mode: 0o755, ...plain }) as const),
    ...links.map(([path, target]) => ({ type: 'symlink', path, mode: 0o777, target, ...plain }) as const),
  ];
  for (const [path, mode, size, hex, source] of files) {
    entries.push({ type: 'file', path, mode, size, digest: trustedDigest(`sha256:${hex}`), ...plain });
    const content = sourceOf(source, tarballs);
    if (content !== undefined) contents[path] = content;
  }
  return { tree: { entries: entries.sort(compareEntries) }, contents };
}

function sourceOf(source: SourceText, tarballs: readonly Digest[]): ContentSource | undefined {
  if ('in' in source) return source;
  const blob = tarballs[source[0]];
  return blob === undefined ? undefined : { in: 'layer', blob, offset: source[1] };
}
