/**
 * An upload that a registry has opened (distribution spec, Pushing a blob): how it is opened, by a mount where that
 * works, and the address that its bytes go to, which is judged before anything is sent there.
 */
import type { Digest } from '../../core/digest/digest.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { judgeHop } from './redirect-rules.ts';
import { RegistryError } from './registry-error.ts';
import { type Repository, subjectIn, urlIn } from './repository.ts';
import type { RequestBody } from './request-body.ts';
import { isPassing } from './retry.ts';
import { checkStated } from './stated-digest.ts';
import type { WireResponse } from './wire.ts';

export interface BlobToWrite {
  readonly digest: Digest;
  readonly body: RequestBody;
  /** Another repository of the same registry that may have the blob. */
  readonly mountFrom?: string | undefined;
  readonly signal: AbortSignal;
}

export interface UploadSession {
  /** Where the next bytes go, as the registry gave it. */
  readonly url: URL;
  /** Bytes that each chunk but the last must have (`OCI-Chunk-Min-Length`); 0 where nothing is said. */
  readonly minChunk: number;
}

const refusals = Array.from({ length: 100 }, (_, index) => 400 + index).filter(
  (status) => !isPassing(status),
);

/** Asks for a mount where there is a source for it; one that is refused is followed by a plain POST. Errors: RegistryError. */
export async function mountOrOpen(
  repository: Repository,
  blob: BlobToWrite,
): Promise<UploadSession | 'mounted'> {
  const mount = mountQuery(repository, blob);
  if (mount === undefined) return await openUpload(repository, blob);
  const refused = repository.client.settings.copesWith.has('refuses-mount') ? refusals : [];
  const answer = await post(repository, blob, { query: mount, expect: [201, 202, ...refused] });
  if (answer.status === 202) return sessionOf(repository, blob, answer);
  if (answer.status !== 201) return await openUpload(repository, blob);
  checkStated(answer, repository, blob.digest);
  return 'mounted';
}

/** Asks for an upload. Errors: RegistryError. */
export async function openUpload(repository: Repository, blob: BlobToWrite): Promise<UploadSession> {
  const answer = await post(repository, blob, { query: '', expect: [202, 201, 200] });
  return sessionOf(repository, blob, answer);
}

/** The session after an answer to it: its Location may have changed. */
export function sessionAfter(
  repository: Repository,
  blob: BlobToWrite,
  step: { readonly session: UploadSession; readonly response: WireResponse },
): UploadSession {
  const { session, response } = step;
  if (response.header('location') === undefined) return session;
  return { ...session, url: judgedUrl(repository, blob, { response, from: session.url }) };
}

/** Where the upload ends. The query may be signed or an opaque state: it is added to, never parsed and written anew. */
export function closingUrl({ url }: UploadSession, digest: Digest): URL {
  const closing = new URL(url);
  closing.search = `${url.search === '' ? '?' : `${url.search}&`}digest=${encodeURIComponent(digest)}`;
  return closing;
}

// Quay wants `from` with every `mount`.
function mountQuery(repository: Repository, { digest, mountFrom }: BlobToWrite): string | undefined {
  if (mountFrom === undefined) return undefined;
  const mount = `?mount=${encodeURIComponent(digest)}`;
  const { copesWith } = repository.client.settings;
  return copesWith.has('wants-source-of-mount') ? `${mount}&from=${encodeURIComponent(mountFrom)}` : mount;
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
    signal: blob.signal,
  });
  await response.discard();
  return response;
}

function sessionOf(repository: Repository, blob: BlobToWrite, response: WireResponse): UploadSession {
  const url = judgedUrl(repository, blob, { response, from: urlIn(repository, 'blobs/uploads/') });
  const least = response.header('oci-chunk-min-length') ?? '';
  return { url, minChunk: /^\d{1,15}$/.test(least) ? Number(least) : 0 };
}

function judgedUrl(
  repository: Repository,
  blob: BlobToWrite,
  step: { readonly response: WireResponse; readonly from: URL },
): URL {
  const { origin } = repository.client;
  const location = step.response.header('location');
  const verdict = judgeHop({ location, from: step.from, origin, carries: 'body' });
  if (verdict.allowed) return verdict.url;
  throw new RegistryError('registry/redirect-refused', {
    subject: subjectIn(repository, `upload blob ${blob.digest}`),
    found: `the address that the registry gave for the upload is not used: ${quoteText(verdict.reason, 300).slice(1, -1)}`,
    help: 'a proxy before the registry may need to be told its public host and scheme',
  });
}
