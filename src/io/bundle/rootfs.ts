/** `rootfs:DIR`: an image's file system as a folder, and nothing else in it. */
import { resolve } from 'node:path';
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import type { Image } from '../../core/image/image.ts';
import type { BlobReader } from '../store/store.ts';
import { makeTree, type UnpackOptions } from './make-tree.ts';
import { isOurRootfs, markRootfs } from './marker.ts';
import { openStaging } from './staging.ts';

/**
 * Unpacks the image into `destination`, which is complete or as it was before. A folder that is there must be empty or
 * have been unpacked by us. Gives warnings of what could not be kept (owners, devices, attributes, times).
 * Throws BundleError (`bundle/…`) or, for bad bytes, LayerError and StoreError.
 */
export async function unpackRootfs(
  image: Image,
  blobs: BlobReader,
  { destination, ...options }: UnpackOptions & { readonly destination: string },
): Promise<readonly Diagnostic[]> {
  const staging = openStaging(destination, isOurRootfs);
  try {
    const warnings = await makeTree(
      { image, blobs, stage: staging.path, name: 'rootfs' },
      options,
      () => undefined,
    );
    staging.publish('rootfs', (made) => {
      markRootfs(made, resolve(destination));
    });
    return warnings;
  } finally {
    staging.discard();
  }
}
