/** Layers of images from elsewhere: brought into the store, verified, and read as trees once. */
import type { Layer } from '../../core/image/image.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { readSound } from '../store/read-sound.ts';
import type { Store } from '../store/store.ts';
import { bringBlob } from '../transport/copy-image.ts';
import type { ImageSource } from '../transport/transport.ts';
import { type PackedTree, readPackedTree, rememberedTree } from './packed-tree.ts';
import { SourceError } from './source-error.ts';

export interface LayerOrigin {
  readonly source: ImageSource;
  readonly store: Store;
  readonly signal: AbortSignal;
}

/** Brings a layer into the store unless it is there; StoreError `store/blob-mismatch` for other bytes than promised. */
export async function ensureBlob(
  { source, store, signal }: LayerOrigin,
  descriptor: Descriptor,
): Promise<void> {
  await bringBlob({ source, blobs: store.blobs, signal, progress: () => undefined }, descriptor);
}

/** The layer as a tree, whiteouts and all, remembered. SourceError `source/layer-digest` where its diffID is another. */
export async function layerTree(origin: LayerOrigin, layer: Layer): Promise<PackedTree> {
  const { digest } = layer.descriptor;
  const packed = await rememberedTree(origin.store, digest, {
    as: 'layer',
    read: () => readStored(origin, layer),
  });
  requireDiffId(layer, packed.diffId);
  return packed;
}

/** As layerTree, for a caller that keeps something smaller. */
export async function readLayerTree(origin: LayerOrigin, layer: Layer): Promise<PackedTree> {
  const packed = await readStored(origin, layer);
  requireDiffId(layer, packed.diffId);
  return packed;
}

async function readStored(origin: LayerOrigin, { descriptor }: Layer): Promise<PackedTree> {
  const { digest, mediaType } = descriptor;
  await ensureBlob(origin, descriptor);
  return readSound(origin.store.blobs, digest, (chunks) =>
    readPackedTree({ chunks, mediaType, as: 'layer' }),
  );
}

/** image-spec config.md, rootfs.diff_ids. */
function requireDiffId({ descriptor, diffId }: Layer, found: string): void {
  if (found === diffId) return;
  throw new SourceError(
    'source/layer-digest',
    `layer ${descriptor.digest} decompresses to ${found}, and the image's config says ${diffId}`,
    { help: 'the image is damaged or was tampered with; pull or build it again' },
  );
}
