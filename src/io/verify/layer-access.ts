/** A layer that can be read as often as is wanted, and its tar as chunks or as an outline. */
import { createTarOutliner, type TarOutline } from '../../core/compare/tar-outline.ts';
import type { Layer } from '../../core/image/image.ts';
import { defaultTarLimits } from '../../core/tar/tar-limits.ts';
import { decompress } from '../layer/decompress.ts';
import { createHasher } from '../store/native-hasher.ts';
import type { ImageSource } from '../transport/transport.ts';

export interface LayerAccess extends Layer {
  /** The bytes of the blob. */
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** A layer of an image that was verified. */
export function layerOf(source: ImageSource, layer: Layer): LayerAccess {
  return { ...layer, open: () => source.openBlob(layer.descriptor) };
}

/** The tar, chunk by chunk; each is valid until the next is asked for. */
export function tarOf({ descriptor, open }: LayerAccess): AsyncIterable<Uint8Array> {
  return decompress({ chunks: open(), mediaType: descriptor.mediaType, limits: defaultTarLimits });
}

export async function outlineOf(layer: LayerAccess): Promise<TarOutline> {
  const outliner = createTarOutliner(() => createHasher());
  for await (const chunk of tarOf(layer)) outliner.push(chunk);
  return outliner.outline();
}

/** The first bytes of a stream, `length` of them where it has so many. The stream is closed. */
export async function startOf(chunks: AsyncIterable<Uint8Array>, length: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let taken = 0;
  for await (const chunk of chunks) {
    const part = Buffer.from(chunk.subarray(0, length - taken));
    parts.push(part);
    taken += part.length;
    if (taken === length) break;
  }
  return Buffer.concat(parts);
}
