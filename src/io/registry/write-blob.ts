/**
 * Blobs of a repository, written (distribution spec, Pushing blobs): ask, mount, or upload in one PUT with a known
 * length, which is the only way that every registry takes. A broken upload starts again from its POST, with the bytes
 * opened anew.
 */
import { type Digest, parseDigest } from '../../core/digest/digest.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import type { ClientRequest } from './http-client.ts';
import { judgeHop } from './redirect-rules.ts';
import { RegistryError } from './registry-error.ts';
import { type Repository, subjectIn, urlIn } from './repository.ts';
import type { RequestBody } from './request-body.ts';
import { isPassing, withRetries } from './retry.ts';
import type { WireResponse } from './wire.ts';

export interface BlobToWrite {
  readonly digest: Digest;
  readonly body: RequestBody;
  /** Another repository of the same registry that may have the blob. */
  readonly mountFrom?: string | undefined;
  readonly signal: AbortSignal;
}

export type BlobWritten = 'mounted' | 'uploaded';

const refusals = Array.from({ length: 100 }, (_, index) => 400 + index).filter(
  (status) => !isPassing(status),
);
// A registry redirects HEAD to its storage only for what it has; that URL is often signed for GET alone.
const there = [200, 204, 301, 302, 303, 307, 308];

/** Whether the repository has the blob. A refusal counts as no: HEAD cannot explain it, the upload that follows can. */
export function hasBlob(repository: Repository, digest: Digest, signal: AbortSignal): Promise<boolean> {
  return headBlob(repository, { digest, signal }, 'many');
}

/**
 * Brings a blob into the repository, by mount where that works. Whether it is there already is the caller's question.
 * Errors: RegistryError; a Failure of the body.
 */
export async function writeBlob(repository: Repository, blob: BlobToWrite): Promise<BlobWritten> {
  return await withRetries(repository.client.settings, blob.signal, async (attempt) => {
    // The connection may have been lost after the last byte, before the answer.
    if (attempt > 1 && (await headBlob(repository, blob, 'one'))) return 'uploaded';
    const session = await openUpload(repository, blob, attempt);
    if (session === 'mounted') return 'mounted';
    await sendBytes(repository, blob, session);
    return 'uploaded';
  });
}

async function headBlob(
  repository: Repository,
  blob: Pick<BlobToWrite, 'digest' | 'signal'>,
  attempts: 'one' | 'many',
): Promise<boolean> {
  const { client, access } = repository;
  const response = await client.send({
    method: 'HEAD',
    url: urlIn(repository, `blobs/${blob.digest}`),
    headers: { 'accept-encoding': 'identity' },
    subject: subjectIn(repository, `look for blob ${blob.digest}`),
    access,
    expect: [...there, 400, 401, 403, 404, 405],
    redirects: 'return',
    attempts,
    signal: blob.signal,
  });
  await response.discard();
  if (response.status === 200) checkStated(response, repository, blob.digest);
  return there.includes(response.status);
}

async function openUpload(
  repository: Repository,
  blob: BlobToWrite,
  attempt: number,
): Promise<URL | 'mounted'> {
  const { mountFrom, digest } = blob;
  // Quay wants `from` with every `mount`; a mount that failed once is not tried again.
  if (mountFrom !== undefined && attempt === 1) {
    const query = `?mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(mountFrom)}`;
    const answer = await post(repository, blob, { query, expect: [201, 202, ...refusals] });
    if (answer.status === 201) {
      checkStated(answer, repository, digest);
      return 'mounted';
    }
    if (answer.status === 202) return uploadUrl(repository, blob, answer);
  }
  return uploadUrl(repository, blob, await post(repository, blob, { query: '', expect: [202, 201, 200] }));
}

async function post(
  repository: Repository,
  blob: BlobToWrite,
  call: { readonly query: string; readonly expect: readonly number[] },
): Promise<WireResponse> {
  const { client, access } = repository;
  const response = await client.send({
    method: 'POST',
    url: urlIn(repository, `blobs/uploads/${call.query}`),
    headers: { 'content-length': '0' },
    subject: subjectIn(repository, `start the upload of blob ${blob.digest}`),
    access,
    expect: call.expect,
    attempts: 'one',
    signal: blob.signal,
  });
  await response.discard();
  return response;
}

function uploadUrl(repository: Repository, blob: BlobToWrite, response: WireResponse): URL {
  const { origin } = repository.client;
  const from = urlIn(repository, 'blobs/uploads/');
  const location = response.header('location');
  const verdict = judgeHop({ location, from, origin, carries: 'body' });
  if (!verdict.allowed) {
    throw new RegistryError('registry/redirect-refused', {
      subject: subjectIn(repository, `upload blob ${blob.digest}`),
      found: `the address that the registry gave for the upload is not used: ${quoteText(verdict.reason, 300).slice(1, -1)}`,
      help: 'a proxy before the registry may need to be told its public host and scheme',
    });
  }
  // The query may be signed or an opaque state: it is added to, never parsed and written anew.
  const url = new URL(verdict.url);
  url.search = `${url.search === '' ? '?' : `${url.search}&`}digest=${encodeURIComponent(blob.digest)}`;
  return url;
}

async function sendBytes(repository: Repository, blob: BlobToWrite, url: URL): Promise<void> {
  const { client, access } = repository;
  const request: ClientRequest = {
    method: 'PUT',
    url,
    headers: { 'content-type': 'application/octet-stream' },
    body: blob.body,
    subject: subjectIn(repository, `upload blob ${blob.digest}`),
    access,
    expect: [201, 200, 202, 204],
    attempts: 'one',
    signal: blob.signal,
  };
  const response = await client.send(request).catch((error: unknown) => {
    throw isLostUpload(error) ? new RegistryError(error.code, { ...error.facts, again: 'later' }) : error;
  });
  await response.discard();
  checkStated(response, repository, blob.digest);
}

// A session that the registry has lost: 404 BLOB_UPLOAD_UNKNOWN (ACR: BLOB_UPLOAD_INVALID), or 416.
function isLostUpload(error: unknown): error is RegistryError {
  if (!(error instanceof RegistryError)) return false;
  const lost = ['BLOB_UPLOAD_UNKNOWN', 'BLOB_UPLOAD_INVALID'];
  const said = error.facts.registryCodes ?? [];
  return error.status === 416 || (error.status === 404 && said.some((code) => lost.includes(code)));
}

function checkStated(response: WireResponse, repository: Repository, wanted: Digest): void {
  const text = response.header('docker-content-digest');
  const stated = text === undefined || text === '' ? undefined : parseDigest(text);
  if (stated === undefined || (stated.ok && stated.digest === wanted)) return;
  throw new RegistryError('registry/differs', {
    subject: subjectIn(repository, `write blob ${wanted}`),
    found: `the registry says it has ${quoteText(text ?? '')} instead`,
  });
}
