/**
 * How the tar of a layer is cut for its compression. The cuts are part of `layerFormat`: they depend on the stream
 * alone, so neither threads nor `--jobs` change a byte.
 */
import { blockBytes as gzipBlockBytes, historyBytes, storedBytes } from '../../core/deflate/block-encoder.ts';
import type { Compression } from '../../core/recipe/recipe.ts';
import { zstdBlockBytes, zstdFrameBytes } from './zstd-encoder.ts';

export interface Geometry {
  /** Bytes of tar in one block; only the last block of a stream is shorter. */
  readonly blockBytes: number;
  /** Bytes before a block that its encoder wants to see. */
  readonly historyBytes: number;
  /** The most that one block becomes; 0 where blocks are written as they are. */
  readonly encodedBytes: number;
}

const byType: Readonly<Record<Compression['type'], Geometry>> = {
  none: { blockBytes: gzipBlockBytes, historyBytes: 0, encodedBytes: 0 },
  zstd: { blockBytes: zstdBlockBytes, historyBytes: 0, encodedBytes: zstdFrameBytes(zstdBlockBytes) },
  gzip: { blockBytes: gzipBlockBytes, historyBytes, encodedBytes: storedBytes(gzipBlockBytes) },
};

export function geometryOf({ type }: Compression): Geometry {
  return byType[type];
}
