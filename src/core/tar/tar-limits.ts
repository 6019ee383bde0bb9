/** The limits that tars are read under when nothing else is asked for; docs/security.md shows this table. */
import type { TarLimits } from './tar-entry.ts';

const mebibyte = 1024 * 1024;

export const defaultTarLimits: TarLimits = {
  maxEntries: 1_000_000,
  // Go's archive/tar, which every runtime reads layers with, has the same limit.
  maxHeaderBytes: mebibyte,
  maxTotalBytes: 64 * 1024 * mebibyte,
  // PATH_MAX of Linux, with its NUL.
  maxPathBytes: 4095,
  maxDepth: 256,
  maxRatio: 250,
  // What `zstd -d` takes by itself, and what `zstd --long` and levels up to 22 write.
  maxWindowBytes: 128 * mebibyte,
};
