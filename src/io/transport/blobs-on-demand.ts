/**
 * The blobs of a store, and behind them images elsewhere, such as bases in their registries. A blob that the store lacks
 * is brought into it, verified, when its bytes are asked for: whoever needs a digest and a size only moves nothing.
 */
import type { Digest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { BlobReader, BlobStore } from '../store/store.ts';
import { bringBlob } from './copy-image.ts';
import type { ImageSource } from './transport.ts';

/** An image elsewhere, and what of it may be asked for. */
export interface BlobOrigin {
  readonly blobs: readonly Descriptor[];
  /** Opens the image when the first of the blobs is needed; once, unless that fails. */
  open(): Promise<ImageSource>;
}

export interface BlobsOnDemand extends BlobReader {
  /** Closes the origins that were opened. */
  close(): Promise<void>;
}

interface Wanted {
  readonly blobs: BlobStore;
  readonly signal: AbortSignal;
}

/** Reading throws what the store throws, and for a blob that has to be brought what its origin throws. */
export function blobsOnDemand(origins: readonly BlobOrigin[], { blobs, signal }: Wanted): BlobsOnDemand {
  const sources = origins.map((origin) => openedOnce(origin));
  const known = new Map(
    sources.flatMap((source) =>
      source.origin.blobs.map((descriptor) => [descriptor.digest, { source, descriptor }] as const),
    ),
  );
  const arriving = new Map<Digest, Promise<void>>();
  const bring = async (digest: Digest): Promise<void> => {
    const found = known.get(digest);
    if (found === undefined || (await blobs.size(digest)) !== undefined) return;
    const { descriptor } = found;
    await bringBlob(
      { source: await found.source.open(), blobs, signal, progress: () => undefined },
      descriptor,
    );
  };
  const ensure = async (digest: Digest): Promise<void> => {
    const coming = arriving.get(digest) ?? bring(digest).finally(() => arriving.delete(digest));
    arriving.set(digest, coming);
    await coming;
  };
  return {
    size: async (digest) => (await blobs.size(digest)) ?? known.get(digest)?.descriptor.size,
    read: async function* (digest) {
      await ensure(digest);
      yield* blobs.read(digest);
    },
    readAll: async (digest, limit) => {
      await ensure(digest);
      return blobs.readAll(digest, limit);
    },
    close: async () => {
      for (const source of sources) await source.close();
    },
  };
}

interface OpenedOnce {
  readonly origin: BlobOrigin;
  open(): Promise<ImageSource>;
  close(): Promise<void>;
}

function openedOnce(origin: BlobOrigin): OpenedOnce {
  let opened: Promise<ImageSource> | undefined;
  const open = (): Promise<ImageSource> => {
    const opening = opened ?? origin.open();
    opened = opening;
    // A failure is told to whoever waits now; the next one tries again.
    opening.catch(() => (opened = undefined));
    return opening;
  };
  return {
    origin,
    open,
    close: async () => {
      const source = await opened?.catch(() => undefined);
      await source?.close();
    },
  };
}
