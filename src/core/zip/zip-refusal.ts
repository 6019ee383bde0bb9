/** What is refused in a zip file, as failures of the archive that it is. */
import type { DiagnosticCode } from '../diagnostic/catalogue.ts';
import { quoteText } from '../diagnostic/escape-text.ts';
import { LayerError } from '../tar/layer-error.ts';

/** `found` says what is malformed: a clause. */
export function malformed(found: string): LayerError {
  return new LayerError('layer/bad-zip', `the zip file is malformed: ${found}`, {
    help: 'fetch it again, or make it anew with Info-ZIP’s zip or bsdtar',
  });
}

export function truncatedZip(): LayerError {
  return new LayerError('layer/truncated', 'the zip file ends too early: its directory is not there', {
    help: 'fetch or make it again',
  });
}

/** `found` is a verb phrase: what is wrong with the entry. */
export function refusedEntry(code: DiagnosticCode, name: string, found: string): LayerError {
  return new LayerError(code, `the zip entry ${quoteText(name)} ${found}`, {
    help: cures[code] ?? 'fetch it again, or make it anew with Info-ZIP’s zip or bsdtar',
  });
}

const cures: Partial<Record<DiagnosticCode, string>> = {
  'layer/compression-unknown': 'make it anew with `zip`, whose entries are stored or deflated',
  'layer/path-escapes': 'make it anew from inside its folder, as `zip -r FILE .` does',
  'layer/zip-encrypted': 'make it anew without a password',
  'layer/zip-checksum': 'fetch or make it again',
};
