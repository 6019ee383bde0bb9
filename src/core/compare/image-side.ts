/**
 * An image laid open, to be looked at or set beside another: its documents, its layers as trees, and the root file
 * system that they make. Where it came from - a registry, a folder, an archive, a build - makes no difference here.
 */
import type { RecipePath } from '../diagnostic/source-text.ts';
import type { Layer } from '../image/image.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { HistoryEntry, ImageConfig } from '../oci/image-config.ts';
import type { Manifest } from '../oci/manifest.ts';
import type { Platform } from '../oci/platform.ts';
import type { SourcedTree } from '../tree/file-tree.ts';
import type { ImagePath } from '../tree/image-path.ts';
import { mergeLayers } from '../tree/merge-layers.ts';

/** Which action of a plan made a layer, where one of ours is known to have. */
export interface LayerOrigin {
  readonly label: string;
  readonly cause: RecipePath;
}

export interface SideLayer extends Layer {
  /** As the layer has it, whiteouts and all; contents lie in the layer's blob. */
  readonly sourced: SourcedTree;
  /** What the image's history says of it. */
  readonly history?: HistoryEntry;
  readonly origin?: LayerOrigin;
}

export interface ImageDocuments {
  /** As a user would write it, pinned where its transport can be. */
  readonly name: string;
  /** What the name stands for: the manifest, or the index that it was chosen from. */
  readonly root: Descriptor;
  readonly platform: Platform;
  /** The descriptor of the manifest; that of the config stands in the document. */
  readonly descriptor: Descriptor;
  readonly manifest: Manifest;
  readonly config: ImageConfig;
}

export interface ImageSide extends ImageDocuments {
  /** Lowest first. */
  readonly layers: readonly SideLayer[];
  /** The root file system; holds no whiteouts. */
  readonly merged: SourcedTree;
  /** Hardlinks whose file no layer has, left out of the root file system. */
  readonly broken: readonly ImagePath[];
}

/** `layers` are those of the manifest, in its order. */
export function imageSide(
  documents: ImageDocuments,
  layers: readonly Omit<SideLayer, 'history'>[],
): ImageSide {
  const { merged, broken } = mergeLayers(layers.map(({ sourced }) => sourced));
  const history = layerHistory(documents.config, layers.length);
  const told = layers.map((layer, index) => {
    const entry = history[index];
    return entry === undefined ? layer : { ...layer, history: entry };
  });
  return { ...documents, layers: told, merged, broken };
}

/** image-spec config.md, history: an entry a layer, but for those that say `empty_layer`. A wrong count tells nothing. */
function layerHistory({ history = [] }: ImageConfig, count: number): readonly HistoryEntry[] {
  const entries = history.filter(({ empty_layer: isEmpty }) => isEmpty !== true);
  return entries.length === count ? entries : [];
}
