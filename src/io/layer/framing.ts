/** What stands around the encoded blocks of a stream: for gzip a member's header and trailer (RFC 1952). */
import { crc32 } from 'node:zlib';
import { gzipHeader, gzipTrailer } from '../../core/deflate/gzip-member.ts';
import type { Compression } from '../../core/recipe/recipe.ts';

export interface Framing {
  readonly header: Uint8Array;
  /** To see every byte of the stream, in order, before it is encoded. */
  update(bytes: Uint8Array): void;
  trailer(): Uint8Array;
}

const nothing = new Uint8Array(0);

export function createFraming({ type }: Compression): Framing {
  return type === 'gzip'
    ? gzipFraming()
    : { header: nothing, update: () => undefined, trailer: () => nothing };
}

function gzipFraming(): Framing {
  let crc = 0;
  let size = 0;
  return {
    header: gzipHeader,
    update: (bytes) => {
      crc = crc32(bytes, crc);
      size += bytes.length;
    },
    trailer: () => gzipTrailer({ crc, size }),
  };
}
