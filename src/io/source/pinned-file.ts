/** A file of the web at the digest that the recipe or the lock pins it to. */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { diagnosticOf, DiagnosticsError } from '../../core/diagnostic/failure.ts';
import { trustedDigest } from '../../core/digest/digest.ts';
import { findFilePin } from '../../core/recipe/lock/pin.ts';
import { DownloadError } from '../download/download-error.ts';
import type { BlobFacts } from '../store/store.ts';
import { fileFetcher } from './fetch-file.ts';
import type { Reading } from './reading.ts';

export interface WrittenFile {
  /** The URL. */
  readonly source: string;
  /** What the recipe itself says, as hex. */
  readonly sha256?: string;
}

/**
 * The file's blob, in the store from now on. Without a pin, whatever is there now. Errors: those of download; other bytes
 * than the lock pins are said at its line, by DiagnosticsError.
 */
export async function fetchPinned(
  reading: Pick<Reading, 'download' | 'machine' | 'lock' | 'emit'>,
  { source, sha256 }: WrittenFile,
): Promise<BlobFacts> {
  const fetchFile = fileFetcher(reading);
  if (sha256 !== undefined) return fetchFile(source, { digest: trustedDigest(`sha256:${sha256}`) });
  const pin = reading.lock && findFilePin(reading.lock, source);
  if (pin === undefined) return fetchFile(source);
  try {
    return await fetchFile(source, { digest: pin.digest, size: pin.size });
  } catch (error) {
    if (!(error instanceof DownloadError) || error.code !== 'download/differs') throw error;
    const help = `nothing was stored; if the new bytes are right, run \`layerwright update ${escapeText(source)}\``;
    const { place } = pin;
    throw new DiagnosticsError([{ ...diagnosticOf(error), help, ...(place === undefined ? {} : { place }) }]);
  }
}
