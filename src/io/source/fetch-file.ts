/** A file of the web, by its URL in a recipe: with the credentials that .netrc has for its host, within the limit. */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import type { BlobFacts, ExpectedBlob } from '../store/store.ts';
import type { Machine } from './machine.ts';
import { netrcFor } from './netrc-file.ts';
import { sayDownload, type Saying } from './say-download.ts';

/** Brings it into the store; errors are download's. */
export type FetchFile = (url: string, expected?: ExpectedBlob) => Promise<BlobFacts>;

/** More is no file that belongs into an image; docs/security.md has it in its table of limits. */
const mostBytes = 4 * 1024 ** 3;

export function fileFetcher({ machine, ...saying }: Saying & { readonly machine: Machine }): FetchFile {
  return (url, expected = {}) => {
    const request = { url, subject: escapeText(url), limit: mostBytes, expected, ...netrcFor(machine, url) };
    return sayDownload({ label: url, what: 'one file' }, saying, (download) => download(request));
  };
}
