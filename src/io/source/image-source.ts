/**
 * `image`: files out of another image. Its layers are merged as a root file system, what `from` names is taken, and
 * contents stay where they are, as ranges of the decompressed layer blobs in the store.
 */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { suggest } from '../../core/diagnostic/suggest.ts';
import type { SourceRequest, SourceTree } from '../../core/plan/snapshot.ts';
import type { Layer } from '../../core/image/image.ts';
import { type AccountName, accountPath, accountTexts } from '../../core/tree/account-texts.ts';
import type { ContentSource, SourcedTree, TreeEntry } from '../../core/tree/file-tree.ts';
import { locateInTree } from '../../core/tree/follow-links.ts';
import { createGlobFilter } from '../../core/tree/glob.ts';
import {
  baseName,
  type ImagePath,
  joinPath,
  parentPath,
  parseImagePath,
} from '../../core/tree/image-path.ts';
import { mergeLayers } from '../../core/tree/merge-layers.ts';
import { selectEntries } from '../../core/tree/select-entries.ts';
import { type Subtree, takeSubtrees } from '../../core/tree/subtrees.ts';
import { sourceTreeOf } from './digest-tree.ts';
import { ensureBlob, type LayerOrigin, layerTree } from './image-layers.ts';
import { type PackedTree, sourcedTree } from './packed-tree.ts';
import { SourceError } from './source-error.ts';

export type ImageRequest = SourceRequest & { readonly kind: 'image' };

/**
 * Paths of the tree are relative to the image's root; the layers are those of the image that was resolved. Throws
 * SourceError, and what the source and the store throw.
 */
export async function readImageSource(
  request: ImageRequest,
  layers: readonly Layer[],
  origin: LayerOrigin,
): Promise<SourceTree> {
  const packed: PackedTree[] = [];
  for (const layer of layers) packed.push(await layerTree(origin, layer));
  const merged = mergeOf(request, layers, packed);
  const taken = takeSubtrees(merged, subtreesOf(request, merged));
  const { selected } = selectEntries(taken, { strip: 0, filter: createGlobFilter(request) });
  requireSomething(request, selected);
  await requireBlobs(origin, layers, selected);
  return sourceTreeOf(selected, {
    single: false,
    ...accountTexts((name) => accountText(selected, name, { layers, packed })),
  });
}

function mergeOf(
  { reference }: ImageRequest,
  layers: readonly Layer[],
  packed: readonly PackedTree[],
): SourcedTree {
  const { merged, broken } = mergeLayers(
    packed.map((tree, at) => sourcedTree(tree, (offset) => rangeOf(layers[at], offset))),
  );
  const [first] = broken;
  if (first === undefined) return merged;
  const message = `${quoteText(reference)} holds the hardlink ${quoteText(first)}, whose file no layer has`;
  throw new SourceError('source/broken-hardlink', message, {
    help: 'have the image made again, or use another one',
  });
}

function rangeOf(layer: Layer | undefined, offset: number): ContentSource {
  if (layer === undefined) throw new RangeError('more trees than layers');
  return { in: 'layer', blob: layer.descriptor.digest, offset };
}

/** What `from` names, found through the image's links; it keeps the path under which it was asked for. */
function subtreesOf(request: ImageRequest, { tree }: SourcedTree): Subtree[] {
  const entries = new Map(tree.entries.map((entry) => [entry.path, entry]));
  const wanted = request.from.length === 0 ? ['/'] : request.from;
  return wanted.map((text) => {
    const parsed = parseImagePath(text);
    if (!parsed.ok) throw notInImage(request, { text, help: 'write it without `..`' });
    const from = locateInTree((at) => entries.get(at), parsed.path);
    if (from !== '' && !entries.has(from) && !hasBelow(entries, from)) {
      throw notInImage(request, { text, help: suggestion(entries, from) });
    }
    return { from, to: parsed.path };
  });
}

/** A layer need not name the folders above its files. */
function hasBelow(entries: ReadonlyMap<ImagePath, TreeEntry>, folder: ImagePath): boolean {
  return [...entries.keys()].some((path) => path.startsWith(`${folder}/`));
}

function suggestion(entries: ReadonlyMap<ImagePath, TreeEntry>, path: ImagePath): string {
  const folder = parentPath(path);
  const names = [...entries.keys()].filter((one) => parentPath(one) === folder).map(baseName);
  const similar = suggest(baseName(path), names.slice(0, 2000));
  if (similar === undefined) return 'paths are those of the image, from its root';
  return `did you mean ${quoteText(`/${joinPath(folder, similar as ImagePath)}`)}?`;
}

function notInImage(
  { reference }: ImageRequest,
  { text, help }: { text: string; help: string },
): SourceError {
  return new SourceError('source/not-in-image', `${quoteText(reference)} has no ${quoteText(text)}`, {
    help,
  });
}

function requireSomething({ reference }: ImageRequest, { tree }: SourcedTree): void {
  if (tree.entries.length > 0) return;
  const message = `from, include and exclude leave nothing of ${quoteText(reference)}`;
  throw new SourceError('source/nothing-matched', message, {
    help: 'patterns are matched with paths from the root of the image; `**/` stands for any folders',
  });
}

/** A layer whose tree was remembered may have been collected since; its bytes are needed to make ours. */
async function requireBlobs(
  origin: LayerOrigin,
  layers: readonly Layer[],
  { contents }: SourcedTree,
): Promise<void> {
  const needed = new Set(
    Object.values(contents).flatMap((source) => (source.in === 'layer' ? source.blob : [])),
  );
  for (const { descriptor } of layers)
    if (needed.has(descriptor.digest)) await ensureBlob(origin, descriptor);
}

/** The text of an accounts file, kept with the layer that it comes from. */
function accountText(
  { tree, contents }: SourcedTree,
  name: AccountName,
  { layers, packed }: { readonly layers: readonly Layer[]; readonly packed: readonly PackedTree[] },
): string | undefined {
  const path = accountPath(name);
  const source = contents[path];
  const entry = tree.entries.find((one) => one.path === path);
  if (entry?.type !== 'file' || source?.in !== 'layer') return undefined;
  const at = layers.findIndex(({ descriptor }) => descriptor.digest === source.blob);
  const origin = packed[at]?.tree.entries.find((one) => one.path === path);
  if (origin?.type !== 'file' || origin.digest !== entry.digest) return undefined;
  return packed[at]?.[name];
}
