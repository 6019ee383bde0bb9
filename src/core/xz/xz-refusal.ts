/** What is wrong with an xz stream, as failures of the layer that it holds. */
import { LayerError, limitHelp } from '../tar/layer-error.ts';

const cure = { help: 'fetch or make it again' };

/** `found` says what is malformed: a clause. */
export function malformed(found: string): LayerError {
  return new LayerError('layer/bad-xz', `the xz stream is malformed: ${found}`, cure);
}

export function truncated(): LayerError {
  return new LayerError('layer/truncated', 'the xz stream ends too early', cure);
}

export function wrongChecksum(name: string): LayerError {
  return new LayerError('layer/xz-checksum', `the xz stream does not match its own ${name}`, cure);
}

export function trailingData(at: number): LayerError {
  return new LayerError('layer/trailing-data', `bytes follow the end of the xz stream, at byte ${at}`, {
    help: 'different tools read such a stream differently; make it anew',
  });
}

/** `used` is a noun phrase: what of the format is not read here. */
export function notRead(used: string): LayerError {
  return new LayerError('layer/compression-unknown', `the xz stream uses ${used}, which is not read here`, {
    help: 'make it anew with `xz` and no options of its own',
  });
}

export function windowTooLarge(found: number, limit: number): LayerError {
  return new LayerError('layer/window-too-large', `the xz stream asks for a dictionary of ${found} bytes`, {
    help: limitHelp('maxWindowBytes', limit),
  });
}
