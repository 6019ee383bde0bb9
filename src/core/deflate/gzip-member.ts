/** What stands around the DEFLATE blocks of a gzip member (RFC 1952): no time, no name, OS 255 (unknown). */

/** RFC 1952, 2.3.1: ID1 ID2 CM=deflate FLG=0 MTIME=0 XFL=0 OS=unknown. */
export const gzipHeader: Uint8Array = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);

// RFC 1951, 3.2.3: a final block with fixed codes that holds nothing but its end.
const finalBlock = [0x03, 0x00];

/** What ends a member whose blocks end in sync flushes: a final block, then CRC-32 and length of the input. */
export function gzipTrailer({ crc, size }: { readonly crc: number; readonly size: number }): Uint8Array {
  const trailer = new Uint8Array(finalBlock.length + 8);
  trailer.set(finalBlock);
  const view = new DataView(trailer.buffer, finalBlock.length);
  view.setUint32(0, crc, true);
  // RFC 1952, ISIZE: modulo 2^32.
  view.setUint32(4, size % 2 ** 32, true);
  return trailer;
}
