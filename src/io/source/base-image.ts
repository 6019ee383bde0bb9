/**
 * A base image for one platform: its documents, and the folders, links and accounts of its root file system. Those are
 * remembered by layer, and merged by all layers, so a base that is known is not downloaded to plan on it.
 */
import { type Digest, digestOfValue } from '../../core/digest/digest.ts';
import type { Layer } from '../../core/image/image.ts';
import { accountsIn } from '../../core/tree/account-texts.ts';
import type { BaseImage } from '../../core/plan/snapshot.ts';
import {
  type LayerFolders,
  layerFolders,
  type MergedFolders,
  mergeFolders,
} from '../../core/tree/layer-folders.ts';
import { emptyContents, type FileTree, type SourcedTree } from '../../core/tree/file-tree.ts';
import { mergeLayers } from '../../core/tree/merge-layers.ts';
import { type BaseReference, parseBaseReference } from '../../core/recipe/transport-reference.ts';
import { inParallel } from '../registry/in-parallel.ts';
import type { Store } from '../store/store.ts';
import type { ImageSource } from '../transport/transport.ts';
import { type LayerOrigin, layerTree, readLayerTree } from './image-layers.ts';
import { recall, remember } from './remembered.ts';
import type { ResolvedImage } from './resolve-image.ts';

export interface BaseReading {
  readonly source: ImageSource;
  /** As the recipe names it; pinned by the source where it can be. */
  readonly reference: BaseReference;
  readonly store: Store;
  readonly signal: AbortSignal;
}

/** `resolved` is of the source. Throws SourceError, and what the source and the store throw. */
export async function readBaseImage(reading: BaseReading, resolved: ResolvedImage): Promise<BaseImage> {
  const { source, reference } = reading;
  const { descriptor, manifest, config, layers } = resolved;
  const merged = await foldersOf(reading, layers);
  return {
    location: pinnedReference(source.pinned, reference),
    manifest: descriptor,
    annotations: manifest.annotations ?? {},
    config,
    layers,
    folders: merged.folders,
    ...accountsIn(merged),
  };
}

function pinnedReference(pinned: string, reference: BaseReference): BaseReference {
  const parsed = parseBaseReference(pinned);
  return parsed.ok ? parsed.value : reference;
}

async function foldersOf(origin: LayerOrigin, layers: readonly Layer[]): Promise<MergedFolders> {
  const key = digestOfValue({ merged: layers.map(({ descriptor, diffId }) => [descriptor.digest, diffId]) });
  const known = (await recall(origin.store, 'folders', key)) as MergedFolders | undefined;
  if (known !== undefined) return known;
  const found = new Map<Digest, LayerFolders>();
  await inParallel(layers, { limit: parallel, signal: origin.signal }, async (layer) => {
    found.set(layer.descriptor.digest, await foldersOfLayer(origin, layer));
  });
  const merged = mergeFolders(layers.flatMap(({ descriptor }) => found.get(descriptor.digest) ?? []));
  await remember(origin.store, { kind: 'folders', key }, merged);
  return merged;
}

/** All that layers show together, without where contents are. */
export async function filesOf(origin: LayerOrigin, layers: readonly Layer[]): Promise<FileTree> {
  const key = digestOfValue({ files: layers.map(({ descriptor, diffId }) => [descriptor.digest, diffId]) });
  const known = (await recall(origin.store, 'tree', key)) as FileTree | undefined;
  if (known !== undefined) return known;
  const contents = emptyContents();
  const trees: SourcedTree[] = [];
  for (const layer of layers) trees.push({ tree: (await layerTree(origin, layer)).tree, contents });
  const { tree } = mergeLayers(trees).merged;
  await remember(origin.store, { kind: 'tree', key }, tree);
  return tree;
}

/** Layers that are brought and read at the same time. */
const parallel = 3;

async function foldersOfLayer(origin: LayerOrigin, layer: Layer): Promise<LayerFolders> {
  const key = digestOfValue({ layer: [layer.descriptor.digest, layer.diffId] });
  const known = (await recall(origin.store, 'folders', key)) as LayerFolders | undefined;
  if (known !== undefined) return known;
  const packed = await readLayerTree(origin, layer);
  const folders = layerFolders(packed.tree.entries, packed);
  await remember(origin.store, { kind: 'folders', key }, folders);
  return folders;
}
