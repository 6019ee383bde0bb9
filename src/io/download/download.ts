/**
 * A file of the web into the store, verified: what is expected and there already is not asked for; a body that breaks
 * off is resumed where the server proves that it is still the same one, or where a digest will prove it; anything else
 * begins anew. Nothing is stored that is not whole, not as expected, or larger than the limit.
 */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { rangeHeader, startOfAnswer } from '../registry/blob-range.ts';
import { isLoopback } from '../registry/network-address.ts';
import { withRetries } from '../registry/retry.ts';
import type { WireResponse } from '../registry/wire.ts';
import type { BlobFacts } from '../store/store.ts';
import { DownloadError } from './download-error.ts';
import type { DownloadContext, DownloadRequest } from './download-request.ts';
import { type AskedFile, bodyError, openFile } from './open-file.ts';
import { PartialFile } from './partial-file.ts';

/** Errors: DownloadError; StoreError of the disk; the signal's reason. */
export async function download(request: DownloadRequest, context: DownloadContext): Promise<BlobFacts> {
  const held = await heldBlob(request, context);
  if (held !== undefined) return held;
  const { registries, signal } = context;
  const { settings } = registries;
  const url = requireUrl(request, settings.plainHttp);
  if (settings.offline) throw offline(request);
  request.onBytes?.(0);
  const asked: AskedFile = {
    ...request,
    url,
    settings,
    signal,
    wire: await registries.openWire(request.route),
  };
  const partial = new PartialFile(context.blobs, request);
  try {
    await withRetries(settings, signal, () => readOn(asked, partial));
    return await partial.commit();
  } finally {
    partial.abort();
  }
}

async function heldBlob(
  { expected }: DownloadRequest,
  { blobs }: DownloadContext,
): Promise<BlobFacts | undefined> {
  if (expected?.digest === undefined) return undefined;
  const size = await blobs.size(expected.digest);
  const fits = size !== undefined && (expected.size === undefined || expected.size === size);
  return fits ? { digest: expected.digest, size } : undefined;
}

function requireUrl({ url: text, subject, proven }: DownloadRequest, plainHttp: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !isHttp(url)) {
    throw new DownloadError('download/refused', { subject, found: `${quoteText(text)} is no http(s) URL` });
  }
  if (url.protocol === 'https:' || proven !== undefined || isPlainAllowed(url, plainHttp)) return url;
  throw new DownloadError('download/plain-http', {
    subject,
    found: `${url.host} would be asked over plain http`,
  });
}

function isHttp({ protocol }: URL): boolean {
  return protocol === 'https:' || protocol === 'http:';
}

function isPlainAllowed({ host }: URL, plainHttp: readonly string[]): boolean {
  return isLoopback(host) || plainHttp.includes(host);
}

function offline({ subject }: DownloadRequest): DownloadError {
  const found = 'the store does not have it, and --offline forbids to ask for it';
  return new DownloadError('download/offline', { subject, found });
}

/** One request, for all or for the rest, and its body to the end. */
async function readOn(asked: AskedFile, partial: PartialFile): Promise<void> {
  const { from, validator } = partial.resumption();
  const ifRange = validator === undefined || from === 0 ? {} : { 'if-range': validator };
  const response = await openFile(asked, { ...rangeHeader(from), ...ifRange });
  const start = startOfAnswer(response, from);
  if (start === undefined) {
    await response.discard();
    partial.restart('whole');
    const found = `asked for its bytes from ${String(from)} on, the server gave another part`;
    throw new DownloadError('download/interrupted', { subject: asked.subject, found, again: 'later' });
  }
  if (start === 0) partial.restart('resumable');
  await partial.expectAnswer(response);
  await readBody(asked, partial, response);
}

async function readBody(asked: AskedFile, partial: PartialFile, response: WireResponse): Promise<void> {
  try {
    for await (const chunk of response.body) partial.write(chunk);
  } catch (error) {
    throw bodyError(asked, error);
  }
  partial.requireWhole();
}
