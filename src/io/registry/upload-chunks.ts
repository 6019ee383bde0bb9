/**
 * A blob in chunks (distribution spec, Pushing a blob in chunks), each a PATCH, then a PUT of no bytes. After a break
 * the registry is asked what it has, and the rest of the chunk is sent; what it says is believed only where it fits
 * with what was sent. A registry that takes no chunks, or not these, gets the blob in one PUT from the caller.
 */
import { pauseAfter } from './retry.ts';
import { RegistryError } from './registry-error.ts';
import { type Repository, subjectIn } from './repository.ts';
import { bodyOf } from './request-body.ts';
import { chunksOf } from './chunks-of.ts';
import { type BlobToWrite, sessionAfter, type UploadSession } from './upload-session.ts';
import { askState, statedEnd } from './upload-state.ts';
import { againIfLost, putBytes } from './upload-whole.ts';
import type { WireResponse } from './wire.ts';

/** Bytes of a chunk at most, whatever a registry demands: a chunk is held in memory. */
const longestChunk = 64 * 1024 * 1024;

/** How many bytes to send at a time, or undefined for all in one request. */
export function chunkSize(
  repository: Repository,
  blob: BlobToWrite,
  session: UploadSession,
): number | undefined {
  const { uploadChunkBytes } = repository.client.settings;
  if (uploadChunkBytes === undefined) return undefined;
  const size = Math.max(uploadChunkBytes, session.minChunk);
  return size > longestChunk || blob.body.size <= size ? undefined : size;
}

/**
 * Sends the blob in chunks of `size` bytes. `refused`: the registry wants it otherwise, and this upload is of no more
 * use. Errors: RegistryError, worth another upload where this one is lost; a Failure of the body.
 */
export async function sendChunks(
  repository: Repository,
  blob: BlobToWrite,
  upload: { readonly session: UploadSession; readonly size: number },
): Promise<'sent' | 'refused'> {
  try {
    let state: ChunkState = { session: upload.session, offset: 0 };
    for await (const bytes of chunksOf(blob.body, upload.size)) {
      state = await sendChunk(repository, blob, { ...state, bytes });
    }
    await putBytes(repository, blob, { session: state.session, body: bodyOf(new Uint8Array()) });
    return 'sent';
  } catch (error) {
    if (isRefusal(repository, error)) return 'refused';
    throw againIfLost(repository, error);
  }
}

interface ChunkState {
  readonly session: UploadSession;
  /** Where in the blob the next byte stands. */
  readonly offset: number;
}

type Chunk = ChunkState & { readonly bytes: Uint8Array };

async function sendChunk(repository: Repository, blob: BlobToWrite, chunk: Chunk): Promise<ChunkState> {
  const { settings } = repository.client;
  let left = chunk;
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await patch(repository, blob, left);
      const session = sessionAfter(repository, blob, { session: left.session, response });
      return { session, offset: nextOffset(repository, response, left) };
    } catch (error) {
      if (!(error instanceof RegistryError) || error.facts.again !== 'later') throw error;
      if (attempt >= settings.retries.attempts) throw error.after(attempt);
      await pauseAfter(error, { attempt, settings, signal: blob.signal });
      left = await resumed(repository, blob, { chunk: left, broken: error });
      if (left.bytes.length === 0) return left;
    }
  }
}

async function patch(repository: Repository, blob: BlobToWrite, chunk: Chunk): Promise<WireResponse> {
  const { client, access } = repository;
  const last = chunk.offset + chunk.bytes.length - 1;
  const tolerant = client.settings.copesWith.has('answers-patch-with-201');
  const response = await client.send({
    method: 'PATCH',
    url: chunk.session.url,
    // The spec's form, which is not that of RFC 9110: no `bytes `, no size.
    headers: {
      'content-type': 'application/octet-stream',
      'content-range': `${String(chunk.offset)}-${String(last)}`,
    },
    body: bodyOf(chunk.bytes),
    subject: subjectIn(
      repository,
      `upload bytes ${String(chunk.offset)} to ${String(last)} of blob ${blob.digest}`,
    ),
    access,
    expect: tolerant ? [202, 201, 200, 204] : [202],
    attempts: 'one',
    signal: blob.signal,
  });
  await response.discard();
  return response;
}

function nextOffset(repository: Repository, response: WireResponse, chunk: Chunk): number {
  const counted = chunk.offset + chunk.bytes.length;
  if (repository.client.settings.copesWith.has('repeats-first-range')) return counted;
  return statedEnd(response) ?? counted;
}

/** What of the chunk is still to be sent. Throws what broke it where the registry's state is not one to go on from. */
async function resumed(
  repository: Repository,
  blob: BlobToWrite,
  at: { readonly chunk: Chunk; readonly broken: RegistryError },
): Promise<Chunk> {
  const { chunk, broken } = at;
  const state = await askState(repository, blob, chunk.session);
  const taken = state === undefined ? -1 : state.end - chunk.offset;
  if (state === undefined || taken < 0 || taken > chunk.bytes.length) throw broken;
  return { session: state.session, offset: state.end, bytes: chunk.bytes.subarray(taken) };
}

// Who we are, and what is lost, are other questions.
function isRefusal(repository: Repository, error: unknown): boolean {
  if (!(error instanceof RegistryError) || !repository.client.settings.copesWith.has('refuses-patch'))
    return false;
  const lost = (error.facts.registryCodes ?? []).some((code) => code.startsWith('BLOB_UPLOAD_'));
  const refused = [400, 404, 405, 411, 413, 415, 416, 501];
  return error.status !== undefined && refused.includes(error.status) && !(error.status === 404 && lost);
}
