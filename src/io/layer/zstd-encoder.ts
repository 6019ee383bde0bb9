/**
 * Blocks as zstd frames (RFC 8878, 3.1.1), each on its own: frames one after another are one stream (3.1), so blocks
 * can be encoded apart and their frames joined. A frame has the size of its content in its header and no checksum,
 * which the digests of the layer make idle. Its bytes depend on the block and the level alone: libzstd makes each in a
 * context of its own, so nothing of the blocks before it is left.
 */
import { Bug } from '../../core/diagnostic/bug.ts';
import { openLibzstd } from './libzstd.ts';

/** Bytes of one block; only the last of a stream is shorter. */
export const zstdBlockBytes = 4 * 1024 * 1024;

/** The longest that a frame of `length` bytes, 128 KiB or more, can be (zstd.h, ZSTD_COMPRESSBOUND). */
export function zstdFrameBytes(length: number): number {
  return length + (length >> 8);
}

export interface ZstdEncoder {
  /**
   * One frame of 0 to zstdBlockBytes, which may stand in shared memory. It stands in `output`, which has room for
   * zstdFrameBytes(block.length), or in an array of its own where there is none.
   */
  encode(block: Uint8Array, output?: Uint8Array): Uint8Array;
}

export function isZstdLevel(level: number): boolean {
  return Number.isInteger(level) && level >= 1 && level <= 19;
}

/**
 * An encoder with a memory of its own: 17 MB, at level 19 60 MB. Any thread can have one. Throws LayerError
 * `layer/zstd-package` where the package is not what the bytes of layers are made by.
 */
export async function createZstdEncoder(level: number): Promise<ZstdEncoder> {
  if (!isZstdLevel(level)) throw new Bug(`${level} is not a level of zstd`);
  const zstd = await openLibzstd();
  const capacity = zstd.compressBound(zstdBlockBytes);
  const input = zstd.malloc(zstdBlockBytes);
  const output = zstd.malloc(capacity);
  return {
    encode: (block, given) => {
      if (block.length > zstdBlockBytes) throw new Bug(`a block of ${block.length} bytes is too large`);
      zstd.bytes().set(block, input);
      const to = { at: output, length: capacity };
      const size = zstd.compress(to, { at: input, length: block.length }, level);
      if (zstd.isError(size)) throw new Bug(`libzstd made no frame: error ${String(2 ** 32 - size)}`);
      const frame = zstd.bytes().subarray(output, output + size);
      if (given === undefined) return frame.slice();
      given.set(frame);
      return given.subarray(0, size);
    },
  };
}
