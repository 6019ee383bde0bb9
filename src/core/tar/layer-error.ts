/** Layer bytes that cannot be read, are refused, or cannot be made: the failures of core/tar and io/layer. */
import type { DiagnosticCode } from '../diagnostic/catalogue.ts';
import { quoteText } from '../diagnostic/escape-text.ts';
import { Failure } from '../diagnostic/failure.ts';

export class LayerError extends Failure {}

/** Where in a decompressed tar a header stands, and which entry it names as far as that is known. */
export interface TarPlace {
  /** Bytes from the start of the tar to the header. */
  readonly offset: number;
  readonly name?: string;
}

export interface Refusal extends TarPlace {
  /** A verb phrase: what is wrong with the entry. */
  readonly found: string;
  readonly help?: string;
}

/** The refusal of one tar entry: `the tar entry NAME at byte OFFSET FOUND`. */
export function refusal(code: DiagnosticCode, { offset, name, found, help }: Refusal): LayerError {
  const what = name === undefined ? 'tar header' : `tar entry ${quoteText(name)}`;
  return new LayerError(code, `the ${what} at byte ${offset} ${found}`, {
    help: help ?? cures[code] ?? 'fetch it again, or make it anew with GNU tar or bsdtar',
  });
}

const cures: Partial<Record<DiagnosticCode, string>> = {
  'layer/path-escapes': 'make it anew from inside its folder, as `tar -C FOLDER -cf FILE .` does',
  'layer/unknown-type': 'make it anew without that entry',
  'layer/sparse-file': 'make it anew without `--sparse`',
  'layer/bad-hardlink': 'make it anew, each file before its hardlinks',
};

/** The help of a refusal by a limit: which one says so, and what it is. */
export function limitHelp(limit: string, value: number): string {
  return `the limit \`${limit}\` is ${value}; the library takes another where these bytes are trusted`;
}
