/**
 * Blobs of a repository, written (distribution spec, Pushing blobs): ask, mount, or upload, in one PUT of known length,
 * which is the only way that every registry takes, or in chunks where the settings say so. An upload that is lost
 * starts again from its POST, with the bytes opened anew.
 */
import type { Digest } from '../../core/digest/digest.ts';
import { type Repository, subjectIn, urlIn } from './repository.ts';
import { withRetries } from './retry.ts';
import { checkStated } from './stated-digest.ts';
import { chunkSize, sendChunks } from './upload-chunks.ts';
import { type BlobToWrite, mountOrOpen, openUpload, type UploadSession } from './upload-session.ts';
import { sendWhole } from './upload-whole.ts';

export type { BlobToWrite } from './upload-session.ts';

export type BlobWritten = 'mounted' | 'uploaded';

// A registry redirects HEAD to its storage only for what it has; that URL is often signed for GET alone.
const there = [200, 204, 301, 302, 303, 307, 308];

/** `unsaid`: the registry refuses to say, and a HEAD cannot explain why. */
export type BlobState = 'there' | 'absent' | 'unsaid';

/** Whether the repository has the blob. A refusal counts as no: the upload that follows can tell why. */
export async function hasBlob(repository: Repository, digest: Digest, signal: AbortSignal): Promise<boolean> {
  return (await lookForBlob(repository, digest, signal)) === 'there';
}

/** Asks for a blob by HEAD. Errors: RegistryError `registry/differs` where another digest is stated. */
export async function lookForBlob(
  repository: Repository,
  digest: Digest,
  signal: AbortSignal,
): Promise<BlobState> {
  const { client, access } = repository;
  const response = await client.send({
    method: 'HEAD',
    url: urlIn(repository, `blobs/${digest}`),
    headers: { 'accept-encoding': 'identity' },
    subject: subjectIn(repository, `look for blob ${digest}`),
    access,
    expect: [...there, 400, 401, 403, 404, 405],
    redirects: 'return',
    signal,
  });
  await response.discard();
  if (response.status === 200) checkStated(response, repository, digest);
  if (there.includes(response.status)) return 'there';
  return response.status === 404 ? 'absent' : 'unsaid';
}

/**
 * Brings a blob into the repository, by mount where that works. Whether it is there already is the caller's question.
 * Errors: RegistryError; a Failure of the body.
 */
export async function writeBlob(repository: Repository, blob: BlobToWrite): Promise<BlobWritten> {
  return await withRetries(repository.client.settings, blob.signal, async (attempt) => {
    // The connection may have been lost after the last byte, before the answer.
    if (attempt > 1 && (await hasBlob(repository, blob.digest, blob.signal))) return 'uploaded';
    // A mount that failed once is not tried again.
    const session = await (attempt === 1 ? mountOrOpen(repository, blob) : openUpload(repository, blob));
    if (session === 'mounted') return 'mounted';
    await sendBytes(repository, blob, session);
    return 'uploaded';
  });
}

async function sendBytes(repository: Repository, blob: BlobToWrite, session: UploadSession): Promise<void> {
  const size = chunkSize(repository, blob, session);
  let open = session;
  if (size !== undefined) {
    if ((await sendChunks(repository, blob, { session, size })) === 'sent') return;
    open = await openUpload(repository, blob);
  }
  await sendWhole(repository, blob, open);
}
