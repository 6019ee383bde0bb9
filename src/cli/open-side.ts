/** An image that a command was given by a reference, laid open: one manifest, its config, its layers as trees. */
import { type ImageSide, imageSide, type LayerOrigin } from '../core/compare/image-side.ts';
import type { Layer } from '../core/image/image.ts';
import { layerTree } from '../io/source/image-layers.ts';
import { sourcedTree } from '../io/source/packed-tree.ts';
import { loadImage } from '../io/transport/load-image.ts';
import type { ReadableReference } from '../io/transport/open-image.ts';
import type { ImageSource } from '../io/transport/transport.ts';
import { oneManifest, storeOne, withImage } from './located-image.ts';
import type { Session } from './session.ts';

export interface SideRequest {
  /** By any transport that can be read. */
  readonly reference: string | ReadableReference;
  /** `--platform` as written; without it, the rule of `ls`. */
  readonly platform?: readonly string[] | undefined;
  /** What the image is called, if not by the reference. */
  readonly name?: string;
  /** What made each layer, by its digest, for an image that was built here. */
  readonly origins?: ReadonlyMap<string, LayerOrigin>;
}

/**
 * Brings the image into the store, of which the session must be `read-write`. Throws what `oneManifest` throws, and
 * TransportError, RegistryError, SourceError, LayerError for an image that cannot be had or believed.
 */
export async function openSide(request: SideRequest, session: Session): Promise<ImageSide> {
  return withImage(request.reference, session, async (source) => {
    const manifest = await oneManifest(source, request.platform);
    await storeOne(source, session, manifest);
    const { image, ...documents } = await loadImage(session.store.blobs, manifest);
    const { platform } = image;
    const layers = [];
    for (const layer of image.layers) layers.push(await openLayer(layer, source, { request, session }));
    const { name = source.pinned } = request;
    const { root } = source;
    return imageSide({ name, root, platform, descriptor: manifest, ...documents }, layers);
  });
}

async function openLayer(
  layer: Layer,
  source: ImageSource,
  { request, session }: { readonly request: SideRequest; readonly session: Session },
): Promise<Parameters<typeof imageSide>[1][number]> {
  const { store, signal } = session;
  const { digest } = layer.descriptor;
  const packed = await layerTree({ source, store, signal }, layer);
  const origin = request.origins?.get(digest);
  return {
    ...layer,
    sourced: sourcedTree(packed, (offset) => ({ in: 'layer', blob: digest, offset })),
    ...(origin === undefined ? {} : { origin }),
  };
}
