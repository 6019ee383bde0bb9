/** A blob in one PUT of known length, to an upload that is open (distribution spec, POST then PUT). */
import { RegistryError } from './registry-error.ts';
import { type Repository, subjectIn } from './repository.ts';
import type { RequestBody } from './request-body.ts';
import { checkStated } from './stated-digest.ts';
import { type BlobToWrite, closingUrl, type UploadSession } from './upload-session.ts';

/** Errors: RegistryError, worth another upload where this one is lost; a Failure of the body. */
export function sendWhole(repository: Repository, blob: BlobToWrite, session: UploadSession): Promise<void> {
  return putBytes(repository, blob, { session, body: blob.body });
}

/** The request that closes an upload, with all of its bytes or, after chunks, with none. */
export async function putBytes(
  repository: Repository,
  blob: BlobToWrite,
  last: { readonly session: UploadSession; readonly body: RequestBody },
): Promise<void> {
  const { client, access } = repository;
  const sending = client.send({
    method: 'PUT',
    url: closingUrl(last.session, blob.digest),
    headers: { 'content-type': 'application/octet-stream' },
    body: last.body,
    subject: subjectIn(repository, `upload blob ${blob.digest}`),
    access,
    expect: [201, 200, 202, 204],
    attempts: 'one',
    signal: blob.signal,
  });
  const response = await sending.catch((error: unknown) => {
    throw againIfLost(repository, error);
  });
  await response.discard();
  checkStated(response, repository, blob.digest);
}

/** The error, as one to try again after where it says that the registry has lost the upload. */
export function againIfLost(repository: Repository, error: unknown): unknown {
  if (!repository.client.settings.copesWith.has('forgets-uploads')) return error;
  return isLostUpload(error) ? new RegistryError(error.code, { ...error.facts, again: 'later' }) : error;
}

// A session that the registry has lost: 404 BLOB_UPLOAD_UNKNOWN (ACR: BLOB_UPLOAD_INVALID), or 416.
function isLostUpload(error: unknown): error is RegistryError {
  if (!(error instanceof RegistryError)) return false;
  const lost = ['BLOB_UPLOAD_UNKNOWN', 'BLOB_UPLOAD_INVALID'];
  const said = error.facts.registryCodes ?? [];
  return error.status === 416 || (error.status === 404 && said.some((code) => lost.includes(code)));
}
