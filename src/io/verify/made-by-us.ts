/** Whether an image was made by us: history says so of each layer that is not its base's. */
import { isIndexType } from '../../core/oci/media-type.ts';
import { type ImageSide, readImage, readIndex } from './image-side.ts';

export async function isMadeByUs(side: ImageSide): Promise<boolean> {
  if (isIndexType(side.root.mediaType)) {
    const [first] = (await readIndex(side)).value.manifests;
    return first !== undefined && isMadeByUs({ ...side, root: first });
  }
  const { history = [] } = (await readImage(side)).config;
  return history.some(({ created_by: told = '' }) => told.startsWith('layerwright '));
}
