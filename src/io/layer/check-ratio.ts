/** Decompression bombs: bytes that become far more bytes than honest ones do. */
import { LayerError, limitHelp } from '../../core/tar/layer-error.ts';

/** Bytes that may come out before the ratio is looked at: small layers of zeros are no bombs. */
const bytesBeforeRatio = 256 * 1024 * 1024;

export interface Decompressed {
  readonly format: 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'zip';
  /** Bytes that came out. */
  readonly given: number;
  /** Bytes that they were made of. */
  readonly taken: number;
}

/** Throws LayerError `layer/too-compressed`. */
export function checkRatio({ format, given, taken }: Decompressed, maxRatio: number): void {
  if (given <= bytesBeforeRatio || given <= taken * maxRatio) return;
  const message = `${taken} bytes of ${format} inflate to ${given} bytes and more`;
  throw new LayerError('layer/too-compressed', message, { help: limitHelp('maxRatio', maxRatio) });
}
