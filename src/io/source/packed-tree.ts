/** Tars as trees: an archive of the user or a layer of an image, read once and remembered by the digest of its bytes. */
import { digestOfValue, type Digest } from '../../core/digest/digest.ts';
import {
  type ContentSource,
  emptyContents,
  type FileTree,
  type SourcedTree,
  type TreeEntry,
} from '../../core/tree/file-tree.ts';
import { compareEntries } from '../../core/tree/check-tree.ts';
import { baseName, type ImagePath, joinPath, parentPath } from '../../core/tree/image-path.ts';
import { accountPath, accountPaths, type AccountTexts, accountTexts } from '../../core/tree/account-texts.ts';
import { parseWhiteout } from '../../core/oci/whiteout.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { LayerError } from '../../core/tar/layer-error.ts';
import { defaultTarLimits } from '../../core/tar/tar-limits.ts';
import { readLayer } from '../layer/read-layer.ts';
import { readTree } from '../layer/read-tree.ts';
import type { Store } from '../store/store.ts';
import { recall, remember } from './remembered.ts';

/** Plain JSON, so that it can be remembered. */
export interface PackedTree extends AccountTexts {
  readonly tree: FileTree;
  /** For each file entry in turn, where its content starts in the decompressed tar. */
  readonly offsets: readonly number[];
  /** Digest of the decompressed tar. */
  readonly diffId: Digest;
}

export interface PackedSource {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Undefined finds the compression by magic number. */
  readonly mediaType: string | undefined;
  /** Whiteouts, and links to files of lower layers, mean something in a layer only. */
  readonly as: 'archive' | 'layer';
}

/** The tree of bytes with this digest, which `read` gives. Throws what `read` throws. */
export async function rememberedTree(
  store: Store,
  digest: Digest,
  { as, read }: { readonly as: PackedSource['as']; readonly read: () => Promise<PackedTree> },
): Promise<PackedTree> {
  const key = digestOfValue({ digest, as });
  const known = (await recall(store, 'tree', key)) as PackedTree | undefined;
  if (known !== undefined) return known;
  const packed = await read();
  await remember(store, { kind: 'tree', key }, packed);
  return packed;
}

/** Throws LayerError for what is refused. */
export async function readPackedTree({ chunks, mediaType, as }: PackedSource): Promise<PackedTree> {
  const reading = readLayer({ chunks, mediaType, limits: defaultTarLimits });
  const hardlinksOutside = as === 'layer' ? 'keep' : 'refuse';
  const capture = new Set(accountPaths);
  const { tree, offsets, captured } = await readTree(reading, { hardlinksOutside, capture });
  const read = as === 'layer' ? withWhiteouts(tree) : tree;
  return {
    tree: read,
    offsets: read.entries.flatMap((entry) => (entry.type === 'file' ? [offsets.get(entry.path) ?? 0] : [])),
    diffId: reading.diffId(),
    ...accountTexts((name) => textOf(captured.get(accountPath(name)))),
  };
}

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}

/** image-spec layer.md, Whiteouts: the name alone says so. A whiteout and an entry may then stand at one path. */
function withWhiteouts(tree: FileTree): FileTree {
  const entries = tree.entries.map(whiteoutOf);
  const changed = entries.some((entry, index) => entry !== tree.entries[index]);
  return changed ? { entries: entries.sort(compareEntries) } : tree;
}

function whiteoutOf(entry: TreeEntry): TreeEntry {
  const whiteout = parseWhiteout(baseName(entry.path));
  const folder = parentPath(entry.path);
  switch (whiteout.kind) {
    case 'none':
      return entry;
    case 'opaque':
      return { type: 'opaque', path: folder };
    case 'removed':
      return { type: 'removed', path: joinPath(folder, whiteout.name as ImagePath) };
    case 'invalid':
      throw new LayerError(
        'layer/bad-header',
        `the whiteout ${quoteText(entry.path)} of a layer names nothing`,
      );
  }
}

/** The tree with the source of each file's content. */
export function sourcedTree(
  packed: Pick<PackedTree, 'tree' | 'offsets'>,
  sourceAt: (offset: number) => ContentSource,
): SourcedTree {
  const contents = emptyContents();
  let file = 0;
  for (const entry of packed.tree.entries) {
    if (entry.type !== 'file') continue;
    contents[entry.path] = sourceAt(packed.offsets[file] ?? 0);
    file += 1;
  }
  return { tree: packed.tree, contents };
}
