/** What a registry has of an upload (distribution spec, Pushing a blob in chunks: GET of its location). */
import type { Repository } from './repository.ts';
import { subjectIn } from './repository.ts';
import { type BlobToWrite, sessionAfter, type UploadSession } from './upload-session.ts';
import type { WireResponse } from './wire.ts';

export interface UploadState {
  readonly session: UploadSession;
  /** How many bytes the registry says it has. */
  readonly end: number;
}

/** The state, or undefined where the registry has lost the upload or does not say. Errors: RegistryError. */
export async function askState(
  repository: Repository,
  blob: BlobToWrite,
  session: UploadSession,
): Promise<UploadState | undefined> {
  const { client, access } = repository;
  const gone = client.settings.copesWith.has('forgets-uploads') ? [400, 404, 405, 416] : [];
  const response = await client.send({
    method: 'GET',
    url: session.url,
    subject: subjectIn(repository, `ask for the state of the upload of blob ${blob.digest}`),
    access,
    expect: [204, 200, 202, ...gone],
    signal: blob.signal,
  });
  await response.discard();
  const end = response.status < 400 ? statedEnd(response) : undefined;
  return end === undefined
    ? undefined
    : { session: sessionAfter(repository, blob, { session, response }), end };
}

/** The end of the `Range` of an answer, as a number of bytes. `0-0` stands for nothing as for one byte: it is nothing. */
export function statedEnd(response: Pick<WireResponse, 'header'>): number | undefined {
  const [, last] = /^(?:bytes=)?0-(\d{1,15})$/.exec(response.header('range')?.trim() ?? '') ?? [];
  if (last === undefined) return undefined;
  return last === '0' ? 0 : Number(last) + 1;
}
