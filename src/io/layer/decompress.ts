/**
 * Layer bytes as tar bytes. What the bytes are shows in their first few; where a media type says something else, the
 * layer is refused rather than read in one of two ways.
 */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { concatBytes, copyBytes } from '../../core/tar/bytes.ts';
import { LayerError } from '../../core/tar/layer-error.ts';
import {
  compressionOfBytes,
  compressionOfMediaType,
  type FoundCompression,
  magicBytes,
} from './compression.ts';
import type { ReadLayerRequest } from './layer-io.ts';

/** Throws LayerError, and what the request's chunks throw as it is. The source is closed whenever reading stops. */
export async function* decompress(request: ReadLayerRequest): AsyncGenerator<Uint8Array> {
  const iterator = request.chunks[Symbol.asyncIterator]();
  try {
    const start = await readStart(iterator);
    const chunks = rejoin(start, iterator);
    // What reads a compression is loaded for bytes that have it; node:zlib alone takes as long as reading a recipe.
    switch (decideCompression(compressionOfBytes(start), request.mediaType)) {
      case 'gzip':
        yield* (await import('./gunzip.ts')).gunzip(chunks, request.limits.maxRatio, request.afterGzip);
        break;
      case 'zstd':
        yield* (await import('./unzstd.ts')).unzstd(chunks, request.limits);
        break;
      case 'xz':
        yield* (await import('./unxz.ts')).unxz(chunks, request.limits);
        break;
      case 'bzip2':
        yield* (await import('./unbzip2.ts')).unbzip2(chunks, request.limits.maxRatio);
        break;
      case 'zip':
        yield* (await import('./unzip.ts')).unzip(chunks, request.limits);
        break;
      case 'none':
        yield* chunks;
    }
  } finally {
    await iterator.return?.();
  }
}

async function readStart(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let length = 0; length < magicBytes;) {
    const next = await iterator.next();
    if (next.done === true) break;
    length += next.value.length;
    // The source may use its buffer again; only the last part is used before it is asked for more.
    parts.push(length < magicBytes ? copyBytes(next.value) : next.value);
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : concatBytes(parts);
}

async function* rejoin(start: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (start.length > 0) yield start;
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return;
    yield next.value;
  }
}

function decideCompression(found: FoundCompression, mediaType: string | undefined): FoundCompression {
  const said = mediaType === undefined ? found : compressionOfMediaType(mediaType);
  if (said === undefined) {
    throw new LayerError(
      'layer/media-type-unknown',
      `the media type ${quoteText(mediaType ?? '')} is that of no layer`,
      { help: 'name a container image; other artifacts hold no file system' },
    );
  }
  if (said !== found) {
    throw new LayerError(
      'layer/compression-mismatch',
      `the layer is ${names[found]}, and its media type says that it is ${names[said]}`,
      { help: 'have the image made again by the tool that wrote it, or name another one' },
    );
  }
  return said;
}

const names: Readonly<Record<FoundCompression, string>> = {
  none: 'not compressed',
  gzip: 'compressed with gzip',
  zstd: 'compressed with zstd',
  xz: 'compressed with xz',
  bzip2: 'compressed with bzip2',
  zip: 'a zip file',
};
