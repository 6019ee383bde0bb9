/** What is wrong with a zstd stream, as failures of the layer that it holds. */
import { LayerError, limitHelp } from '../tar/layer-error.ts';

const cure = { help: 'fetch or make it again' };

/** `found` says what is malformed: a clause. */
export function malformed(found: string): LayerError {
  return new LayerError('layer/bad-zstd', `the zstd stream is malformed: ${found}`, cure);
}

export function truncated(): LayerError {
  return new LayerError('layer/truncated', 'the zstd stream ends too early', cure);
}

export function wrongChecksum(): LayerError {
  const message = 'the zstd stream does not match its own checksum';
  return new LayerError('layer/zstd-checksum', message, cure);
}

export function trailingData(at: number): LayerError {
  return new LayerError('layer/trailing-data', `bytes follow the end of the zstd stream, at byte ${at}`, {
    help: 'different tools read such a stream differently; make it anew',
  });
}

export function needsDictionary(): LayerError {
  const message = 'the zstd stream can be read only with a dictionary, which no layer has';
  return new LayerError('layer/zstd-dictionary', message, { help: 'make it anew without one' });
}

export function windowTooLarge(found: number, limit: number): LayerError {
  return new LayerError('layer/window-too-large', `the zstd stream asks for a window of ${found} bytes`, {
    help: limitHelp('maxWindowBytes', limit),
  });
}
