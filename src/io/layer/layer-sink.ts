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

export interface LayerSink {
  write(bytes: Uint8Array): void;
  /** Ends the layer and says what it is; no write may follow. */
  end(): PackedLayer;
}

const gatherBytes = 256 * 1024;

export function createLayerSink(compression: Compression, sink: ByteSink): LayerSink {
  const diffHash = createHash('sha256');
  const output = createOutput(compression, sink);
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

function createOutput(compression: Compression, sink: ByteSink): Output {
  return compression.type === 'none' ? plainOutput(sink) : gzipOutput(compression.level, sink);
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

function gzipOutput(level: number, sink: ByteSink): Output {
  if (!isDeflateLevel(level)) throw new Bug(`${level} is not a gzip level`);
  const hash = createHash('sha256');
  let size = 0;
  const onBytes = (bytes: Uint8Array): void => {
    size += bytes.length;
    hash.update(bytes);
    sink.write(bytes);
  };
  const gzip = createGzipEncoder({ encoder: createFflateEncoder(level), onBytes, crc32 });
  return {
    write: (bytes) => gzip.write(bytes),
    end: () => {
      gzip.end();
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
