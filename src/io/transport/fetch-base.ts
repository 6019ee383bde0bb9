/** Base images on their way into the store: all of one, or what there is to know of it, and its layers when asked for. */
import { Bug } from '../../core/diagnostic/bug.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { isLayerType } from '../../core/oci/media-type.ts';
import { baseLayers } from '../../core/plan/graph.ts';
import type { FetchAction, Plan } from '../../core/plan/plan.ts';
import { type BlobsOnDemand, blobsOnDemand } from './blobs-on-demand.ts';
import { storeImage } from './copy-image.ts';
import type { OpenContext, ReadableReference } from './open-image.ts';
import type { ImageSource } from './transport.ts';
import { documentsOf, walkImage } from './walk-image.ts';

/**
 * Whether the layers of bases are brought into the store, or stay where the base is until somebody reads them: a
 * registry that has them or mounts them never asks for their bytes.
 */
export type BaseLayers = 'bring' | 'leave';

/** Opens an image outside; given from above, so that transports are loaded only when one is used. */
export type OpenOutside = (reference: ReadableReference, context: OpenContext) => Promise<ImageSource>;

export interface BaseContext extends OpenContext {
  readonly openOutside: OpenOutside;
}

/** Brings what is wanted of a base into the store; gives everything below its manifest. Throws as storeImage does. */
export async function fetchBase(
  action: FetchAction,
  bases: BaseLayers,
  context: BaseContext,
): Promise<readonly Descriptor[]> {
  const { manifest, label } = action;
  const { blobs, signal, emit } = context;
  const source = await openBase(action, context);
  try {
    await storeImage(source, blobs, {
      root: manifest,
      only: ({ mediaType }) => bases === 'bring' || !isLayerType(mediaType),
      signal,
      onProgress: (done, total) => {
        emit({ type: 'action-progress', label, done, total });
      },
    });
  } finally {
    await source.close();
  }
  return (await walkImage(documentsOf(blobs), manifest)).filter(({ digest }) => digest !== manifest.digest);
}

/** The blobs of the store, and behind them the layers of the plan's bases. To be closed. */
export function blobsOfPlan({ actions }: Plan, context: BaseContext): BlobsOnDemand {
  const images = actions.filter((action) => action.kind === 'image');
  const origins = actions
    .filter((action) => action.kind === 'fetch')
    .map((action) => ({
      blobs: images.filter(({ needs }) => needs.includes(action.key)).flatMap(baseLayers),
      open: () => openBase(action, context),
    }));
  return blobsOnDemand(origins, context);
}

function openBase({ location, label }: FetchAction, context: BaseContext): Promise<ImageSource> {
  if (location.transport === 'scratch' || location.transport === 'image')
    throw new Bug(`${label} has nothing to fetch`);
  return context.openOutside(location, context);
}
