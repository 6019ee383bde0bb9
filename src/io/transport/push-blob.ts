/** Pushes one blob that a registry may have, and looks whether it kept it (safety.md N30). */
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { RegistryError } from '../registry/registry-error.ts';
import { type Repository, subjectIn } from '../registry/repository.ts';
import type { BlobReader } from '../store/store.ts';
import { type BlobWritten, hasBlob, lookForBlob, writeBlob } from '../registry/write-blob.ts';

export interface BlobPush {
  readonly blob: Descriptor;
  readonly push: { readonly blobs: Pick<BlobReader, 'read'>; readonly mountFrom?: string | undefined };
  readonly signal: AbortSignal;
  /** Bytes of the blob that are on their way; an upload that is lost begins again at none. */
  readonly onSent?: (bytes: number) => void;
}

/** Errors: RegistryError, `registry/unexpected-answer` where what was taken twice is still not there. */
export async function pushBlob(repository: Repository, task: BlobPush): Promise<BlobWritten | 'present'> {
  const { blob, push, signal, onSent = () => undefined } = task;
  const { digest, size } = blob;
  if (await hasBlob(repository, digest, signal)) return 'present';
  const body = { size, open: () => counted(push.blobs.read(digest), onSent) };
  const written = await writeBlob(repository, { digest, body, mountFrom: push.mountFrom, signal });
  if (written === 'mounted' || (await isKept(repository, task))) return written;
  await writeBlob(repository, { digest, body, signal });
  if (await isKept(repository, task)) return 'uploaded';
  throw new RegistryError('registry/unexpected-answer', {
    subject: subjectIn(repository, `push blob ${digest}`),
    found: 'the registry took it twice and then did not have it',
    help: 'push again; if it stays so, ask the operator of the registry',
  });
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onSent: (bytes: number) => void,
): AsyncIterable<Uint8Array> {
  let sent = 0;
  for await (const chunk of chunks) {
    yield chunk;
    onSent((sent += chunk.length));
  }
}

async function isKept(repository: Repository, { blob, signal }: BlobPush): Promise<boolean> {
  if (!repository.client.settings.copesWith.has('forgets-blobs')) return true;
  return (await lookForBlob(repository, blob.digest, signal)) !== 'absent';
}
