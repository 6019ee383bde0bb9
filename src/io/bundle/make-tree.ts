/** Makes the tree of an image in a stage: all layers, one after the other, each read from the store and verified. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import type { Image } from '../../core/image/image.ts';
import type { IdMapOption } from '../../core/oci/runtime-options.ts';
import { defaultTarLimits } from '../../core/tar/tar-limits.ts';
import type { TarLimits } from '../../core/tar/tar-entry.ts';
import { readLayer } from '../layer/read-layer.ts';
import { readSound } from '../store/read-sound.ts';
import type { BlobReader } from '../store/store.ts';
import { applyLayer } from './apply-layer.ts';
import { SafeRoot } from './safe-root.ts';

export interface UnpackOptions {
  readonly signal: AbortSignal;
  readonly limits?: TarLimits;
  /** Fifos and devices of the image; default 4096. */
  readonly maxSpecialFiles?: number;
  /** Shifts owners to the ids that they have outside of a user namespace. */
  readonly idmap?: IdMapOption;
}

export interface TreeRequest {
  readonly image: Image;
  readonly blobs: BlobReader;
  /** An open stage. */
  readonly stage: string;
  /** The folder to make, below the stage. */
  readonly name: string;
}

/** Makes the tree, lets `use` add to it, and gives folders their final modes and times. */
export async function makeTree(
  { image, blobs, stage, name }: TreeRequest,
  { signal, limits = defaultTarLimits, maxSpecialFiles, idmap }: UnpackOptions,
  use: (root: SafeRoot) => void | Promise<void>,
): Promise<Diagnostic[]> {
  const spare = join(stage, 'spare');
  mkdirSync(join(stage, name), { recursive: true, mode: 0o700 });
  mkdirSync(spare, { mode: 0o700 });
  const root = await SafeRoot.open({
    directory: join(stage, name),
    spare,
    ...(maxSpecialFiles === undefined ? {} : { maxSpecialFiles }),
    ...(idmap === undefined ? {} : { idmap }),
  });
  try {
    for (const layer of image.layers) {
      const { digest, mediaType } = layer.descriptor;
      await readSound(blobs, digest, (chunks) =>
        applyLayer(root, readLayer({ chunks, mediaType, limits }), { layer, signal }),
      );
    }
    await use(root);
    root.finish();
    return root.warnings();
  } finally {
    root.close();
  }
}
