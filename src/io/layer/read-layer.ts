/**
 * Reads a layer in one pass: decompresses, hashes what comes out, and reads it as a tar. Nothing is read ahead of the
 * consumer but one buffer, so memory is bounded whatever the layer says.
 */
import { createHash, type Hash } from 'node:crypto';
import { Bug } from '../../core/diagnostic/bug.ts';
import { type Digest, trustedDigest } from '../../core/digest/digest.ts';
import type { TarStep } from '../../core/tar/tar-entry.ts';
import { createTarReader } from '../../core/tar/tar-reader.ts';
import { decompress } from './decompress.ts';
import type { LayerReading, ReadLayerRequest } from './layer-io.ts';

/**
 * Iterating `steps` throws LayerError for what is refused, and what the request's chunks throw as it is. The steps can
 * be iterated once; the diffID is there when they have ended.
 */
export function readLayer(request: ReadLayerRequest): LayerReading {
  const hash = createHash('sha256');
  let diffId: Digest | undefined;
  const finish = (): void => {
    diffId = trustedDigest(`sha256:${hash.digest('hex')}`);
  };
  return {
    steps: readSteps(request, { hash, finish }),
    diffId: () => {
      if (diffId === undefined) throw new Bug('the diffID of a layer was asked for before its end was read');
      return diffId;
    },
  };
}

interface Progress {
  readonly hash: Hash;
  readonly finish: () => void;
}

async function* readSteps(
  request: ReadLayerRequest,
  { hash, finish }: Progress,
): AsyncGenerator<Iterable<TarStep>> {
  const reader = createTarReader(request.limits);
  for await (const bytes of decompress(request)) {
    hash.update(bytes);
    yield reader.push(bytes);
  }
  reader.end();
  finish();
}
