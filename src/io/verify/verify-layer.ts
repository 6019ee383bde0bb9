/**
 * One layer held against its descriptor and its diffID: read once, as strictly as a layer that is to be unpacked, and
 * kept nowhere.
 */
import { algorithmOf, type Digest } from '../../core/digest/digest.ts';
import { Failure } from '../../core/diagnostic/failure.ts';
import type { Layer } from '../../core/image/image.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { readPackedTree } from '../source/packed-tree.ts';
import { createHasher } from '../store/native-hasher.ts';
import { VerifyError } from './verify-error.ts';

/** Opens a blob, as often as is asked; what it gives need not be verified. */
export type OpenBlob = (descriptor: Descriptor) => AsyncIterable<Uint8Array>;

/**
 * Throws VerifyError `verify/blob-mismatch`, `verify/layer-digest`, LayerError for what no strict reader takes although
 * its digest is right, and what opening throws.
 */
export async function verifyLayer({ descriptor, diffId }: Layer, open: OpenBlob): Promise<void> {
  const { mediaType, digest } = descriptor;
  const measured = measure(descriptor, open(descriptor));
  let found: Digest;
  try {
    found = (await readPackedTree({ chunks: measured.chunks, mediaType, as: 'layer' })).diffId;
  } catch (error) {
    // Bytes that make no sense may be damaged ones, which are no fault of whoever made the layer.
    if (error instanceof Failure) await verifyBlob(descriptor, open);
    throw error;
  }
  measured.finish();
  if (found === diffId) return;
  throw new VerifyError(
    'verify/layer-digest',
    `layer ${digest} decompresses to ${found}, and the config says ${diffId}`,
    {
      help: 'get the image again, or have it made again by the tool that wrote it',
    },
  );
}

/** Reads a blob to its end. Throws VerifyError `verify/blob-mismatch`, and what opening throws. */
export async function verifyBlob(descriptor: Descriptor, open: OpenBlob): Promise<void> {
  const measured = measure(descriptor, open(descriptor));
  const iterator = measured.chunks[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
  measured.finish();
}

interface Measured {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Throws unless what has passed is the blob. */
  finish(): void;
}

function measure({ digest, size }: Descriptor, source: AsyncIterable<Uint8Array>): Measured {
  const hasher = createHasher(algorithmOf(digest));
  let bytes = 0;
  return {
    chunks: passing(source, (chunk) => {
      bytes += chunk.length;
      hasher.update(chunk);
    }),
    finish: () => {
      const found = hasher.digest();
      if (found === digest && bytes === size) return;
      throw new VerifyError(
        'verify/blob-mismatch',
        `blob ${digest} of ${size} bytes is ${found} of ${bytes} bytes`,
        {
          help: 'get the image again, or have it made again by the tool that wrote it',
        },
      );
    },
  };
}

async function* passing(
  source: AsyncIterable<Uint8Array>,
  see: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    see(chunk);
    yield chunk;
  }
}
