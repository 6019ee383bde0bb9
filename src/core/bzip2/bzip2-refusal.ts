/** What is wrong with a bzip2 stream, as failures of the layer that it holds. */
import { LayerError } from '../tar/layer-error.ts';

const cure = { help: 'fetch or make it again' };

/** `found` says what is malformed: a clause. */
export function malformed(found: string): LayerError {
  return new LayerError('layer/bad-bzip2', `the bzip2 stream is malformed: ${found}`, cure);
}

export function truncated(): LayerError {
  return new LayerError('layer/truncated', 'the bzip2 stream ends too early', cure);
}

export function wrongChecksum(): LayerError {
  const message = 'the bzip2 stream does not match its own checksum';
  return new LayerError('layer/bzip2-checksum', message, cure);
}

export function trailingData(at: number): LayerError {
  return new LayerError('layer/trailing-data', `bytes follow the end of the bzip2 stream, at byte ${at}`, {
    help: 'different tools read such a stream differently; make it anew',
  });
}

/** bzip2 before 0.9.5 shuffled blocks that were hard to sort; nothing has written such since 1999. */
export function randomised(): LayerError {
  const message = 'the bzip2 stream has a randomised block, which is not read here';
  return new LayerError('layer/compression-unknown', message, { help: 'make it anew with bzip2 1.0' });
}
