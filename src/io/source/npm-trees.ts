/**
 * The trees of an `npm` source as they are remembered. Their digests are at hand, their entries are parsed only where
 * somebody asks for them, since a planner that knows a digest needs no entry. A result names the tarballs too, so that
 * garbage collection keeps them as long as it.
 */
import { type Digest, encodedOf, trustedDigest } from '../../core/digest/digest.ts';
import type { SourceTree } from '../../core/plan/snapshot.ts';
import { compareEntries } from '../../core/tree/check-tree.ts';
import {
  type ContentSource,
  emptyContents,
  type FileEntry,
  type SourcedTree,
  type TreeEntry,
} from '../../core/tree/file-tree.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import type { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { digestOfTree } from './digest-tree.ts';

/** Raised when results are written in another way. */
const version = 1;

const longest = 1 << 30;

interface TreesResult {
  readonly version: number;
  readonly parts: readonly { readonly digest: Digest; readonly text: Digest }[];
  readonly tarballs: readonly Digest[];
}

/** What stands for a tree: JSON without what is the same in every entry. */
interface TreeText {
  readonly tarballs: readonly Digest[];
  /** Path, mode, size, hex of the digest, and where the content is: a tarball's position and an offset in it, or in full. */
  readonly files: readonly (readonly [ImagePath, number, number, string, SourceText])[];
  readonly folders: readonly ImagePath[];
  /** Path and target. */
  readonly links: readonly (readonly [ImagePath, string])[];
}

type SourceText = readonly [number, number] | ContentSource;

export async function recallTrees(store: Store, key: Digest): Promise<SourceTree[] | undefined> {
  const known = (await store.results.get('npm', key)) as TreesResult | undefined;
  if (known?.version !== version) return undefined;
  try {
    const texts = known.parts.map(async ({ digest, text }) =>
      lazyTree(digest, await store.blobs.readAll(text, longest)),
    );
    return await Promise.all(texts);
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}

export async function rememberTrees(
  store: Store,
  key: Digest,
  { trees, tarballs }: { readonly trees: readonly SourcedTree[]; readonly tarballs: readonly Digest[] },
): Promise<SourceTree[]> {
  const parts: TreesResult['parts'][number][] = [];
  const made: SourceTree[] = [];
  for (const sourced of trees) {
    const bytes = Buffer.from(JSON.stringify(textOf(sourced)));
    const text = (await store.blobs.put(bytes)).digest;
    const digest = digestOfTree(sourced.tree);
    parts.push({ digest, text });
    made.push({ digest, single: false, ...sourced });
  }
  const result: TreesResult = { version, parts, tarballs };
  await store.results.put('npm', key, result);
  return made;
}

function lazyTree(digest: Digest, bytes: Uint8Array): SourceTree {
  let made: SourcedTree | undefined;
  const sourced = (): SourcedTree => (made ??= treeOf(bytes));
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
}

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

function treeOf(bytes: Uint8Array): SourcedTree {
  const { tarballs, files, folders, links } = JSON.parse(Buffer.from(bytes).toString('utf8')) as TreeText;
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
