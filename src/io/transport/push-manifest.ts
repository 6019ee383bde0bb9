/**
 * Pushes one manifest whose parts are at the registry, and looks whether it kept it. Where the registry says that it
 * does not know a blob that was just pushed (safety.md N31), what is missing is pushed again, once.
 */
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { attachReferrer } from '../registry/attach-referrer.ts';
import { isDocumentType, manifestLimit } from '../registry/manifest-rules.ts';
import { type FetchedManifest, findManifest, writeManifest } from '../registry/manifests.ts';
import { RegistryError } from '../registry/registry-error.ts';
import { type Repository, subjectIn } from '../registry/repository.ts';
import type { BlobReader } from '../store/store.ts';
import { readManifest } from './image-document.ts';
import { pushBlob } from './push-blob.ts';
import { documentsOf, walkImage } from './walk-image.ts';

interface ManifestPush {
  readonly push: { readonly blobs: BlobReader };
  readonly signal: AbortSignal;
}

/** Errors: RegistryError, `registry/unexpected-answer` where what was taken is not there. */
export async function pushManifest(
  repository: Repository,
  descriptor: Descriptor,
  task: ManifestPush,
): Promise<'uploaded' | 'present'> {
  const { digest } = descriptor;
  const { push, signal } = task;
  if ((await findManifest(repository, { digest }, signal)) !== undefined) return 'present';
  const manifest = { descriptor, bytes: await push.blobs.readAll(digest, manifestLimit) };
  await write(repository, manifest, task);
  if ((await findManifest(repository, { digest }, signal)) !== undefined) return 'uploaded';
  throw new RegistryError('registry/unexpected-answer', {
    subject: subjectIn(repository, `push manifest ${digest}`),
    found: 'the registry took the manifest and then did not have it',
    help: 'push again; if it stays so, ask the operator of the registry',
  });
}

async function write(repository: Repository, manifest: FetchedManifest, task: ManifestPush): Promise<void> {
  try {
    await writeOnce(repository, manifest, task.signal);
  } catch (error) {
    if (!isUnknownBlob(repository, error)) throw error;
    await pushPartsAgain(repository, manifest.descriptor, task);
    await writeOnce(repository, manifest, task.signal);
  }
}

/** What refers to another manifest is listed there too, whatever pushes it. */
async function writeOnce(
  repository: Repository,
  manifest: FetchedManifest,
  signal: AbortSignal,
): Promise<void> {
  const { mediaType, digest } = manifest.descriptor;
  const document = readManifest(manifest.bytes, { mediaType, place: digest });
  const { subject } = document.kind === 'index' ? document.index : document.manifest;
  if (subject === undefined) await writeManifest(repository, manifest, { name: { digest }, signal });
  else await attachReferrer(repository, manifest, signal);
}

// distribution spec, Error Codes: code-1 BLOB_UNKNOWN, code-4 MANIFEST_BLOB_UNKNOWN.
function isUnknownBlob(repository: Repository, error: unknown): boolean {
  if (!(error instanceof RegistryError) || !repository.client.settings.copesWith.has('forgets-blobs')) {
    return false;
  }
  const said = error.facts.registryCodes ?? [];
  return said.includes('MANIFEST_BLOB_UNKNOWN') || said.includes('BLOB_UNKNOWN');
}

async function pushPartsAgain(
  repository: Repository,
  descriptor: Descriptor,
  { push, signal }: ManifestPush,
): Promise<void> {
  const parts = await walkImage(documentsOf(push.blobs), descriptor);
  for (const blob of parts.filter(({ mediaType }) => !isDocumentType(mediaType))) {
    await pushBlob(repository, { blob, push, signal });
  }
}
