/**
 * Tar bytes in, layer bytes out: compresses, and takes diffID and digest in the same pass, so that nothing is read
 * back. Small pieces (headers, padding) are gathered, since hashing and encoding cost by the call.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { createFflateEncoder } from '../../core/deflate/fflate-encoder.ts';
import { createGzipEncoder } from '../../core/deflate/gzip-encoder.ts';
import { isDeflateLevel } from '../../core/deflate/block-encoder.ts';
import { Bug } from '../../core/diagnostic/bug.ts';
import { trustedDigest } from '../../core/digest/digest.ts';
import type { Compression } from '../../core/recipe/recipe.ts';
import { mediaTypeOf } from './compression.ts';
import type { ByteSink, PackedLayer } from './layer-io.ts';
import { createZstdEncoder } from './zstd-encoder.ts';
import { createZstdStream } from './zstd-stream.ts';

export interface LayerSink {
  write(bytes: Uint8Array): void;
  /** Ends the layer and says what it is; no write may follow. */
  end(): PackedLayer;
}

const gatherBytes = 256 * 1024;

/** Throws LayerError `layer/zstd-package`. */
export async function createLayerSink(compression: Compression, sink: ByteSink): Promise<LayerSink> {
  const diffHash = createHash('sha256');
  const output = await createOutput(compression, sink);
  const gathered = gather((bytes) => {
    diffHash.update(bytes);
    output.write(bytes);
  });
  return {
    write: gathered.write,
    end: () => {
      gathered.flush();
      const diffId = trustedDigest(`sha256:${diffHash.digest('hex')}`);
      const { digest = diffId, size } = output.end();
      return { mediaType: mediaTypeOf(compression), digest, size, diffId };
    },
  };
}

interface Output {
  write(bytes: Uint8Array): void;
  /** Without compression the digest is the diffID and is not taken twice. */
  end(): { readonly digest?: PackedLayer['digest']; readonly size: number };
}

async function createOutput(compression: Compression, sink: ByteSink): Promise<Output> {
  switch (compression.type) {
    case 'none':
      return plainOutput(sink);
    case 'gzip':
      return encodedOutput(sink, (onBytes) => gzipStream(compression.level, onBytes));
    case 'zstd': {
      const encoder = await createZstdEncoder(compression.level);
      return encodedOutput(sink, (onBytes) => createZstdStream(encoder, onBytes));
    }
  }
}

function plainOutput(sink: ByteSink): Output {
  let size = 0;
  return {
    write: (bytes) => {
      size += bytes.length;
      sink.write(bytes);
    },
    end: () => ({ size }),
  };
}

type OnBytes = (bytes: Uint8Array) => void;

function gzipStream(level: number, onBytes: OnBytes): Stream {
  if (!isDeflateLevel(level)) throw new Bug(`${level} is not a gzip level`);
  return createGzipEncoder({ encoder: createFflateEncoder(level), onBytes, crc32 });
}

interface Stream {
  write(bytes: Uint8Array): void;
  end(): void;
}

function encodedOutput(sink: ByteSink, open: (onBytes: OnBytes) => Stream): Output {
  const hash = createHash('sha256');
  let size = 0;
  const stream = open((bytes) => {
    size += bytes.length;
    hash.update(bytes);
    sink.write(bytes);
  });
  return {
    write: (bytes) => stream.write(bytes),
    end: () => {
      stream.end();
      return { digest: trustedDigest(`sha256:${hash.digest('hex')}`), size };
    },
  };
}

function gather(onBytes: (bytes: Uint8Array) => void): Pick<LayerSink, 'write'> & { flush(): void } {
  const buffer = new Uint8Array(gatherBytes);
  let filled = 0;
  const flush = (): void => {
    if (filled > 0) onBytes(buffer.subarray(0, filled));
    filled = 0;
  };
  const write = (bytes: Uint8Array): void => {
    if (filled + bytes.length > gatherBytes) flush();
    if (bytes.length >= gatherBytes) {
      onBytes(bytes);
      return;
    }
    buffer.set(bytes, filled);
    filled += bytes.length;
  };
  return { write, flush };
}
