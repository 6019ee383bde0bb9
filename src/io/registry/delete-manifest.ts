/**
 * Deletes a tag, or a manifest with every tag that names it (distribution spec, Deleting tags and Deleting Manifests).
 * A registry that deletes no tags is not made to by deleting the manifest: its other tags would go too.
 */
import { isPassing, withRetries } from './retry.ts';
import { findManifest, type ManifestName, manifestUrl, textOf } from './manifests.ts';
import { RegistryError } from './registry-error.ts';
import { type Repository, subjectIn } from './repository.ts';

/**
 * The repository is opened for `delete`. Errors: `registry/not-found`, `registry/unauthorised`, and `registry/refused`
 * where the registry deletes nothing, or no tags; its help then names the digest to delete.
 */
export async function deleteManifest(
  repository: Repository,
  name: ManifestName,
  signal: AbortSignal,
): Promise<void> {
  try {
    await withRetries(repository.client.settings, signal, (attempt) =>
      requestDeletion(repository, name, { attempt, signal }),
    );
  } catch (error) {
    throw isRefusal(error) ? await explained(error, { repository, name, signal }) : error;
  }
}

async function requestDeletion(
  repository: Repository,
  name: ManifestName,
  call: { readonly attempt: number; readonly signal: AbortSignal },
): Promise<void> {
  const { client, access } = repository;
  const response = await client.send({
    method: 'DELETE',
    url: manifestUrl(repository, name),
    subject: subjectIn(repository, `delete ${textOf(name)}`),
    access,
    // An attempt whose answer was lost may have deleted it.
    expect: [202, 200, 204, ...(call.attempt > 1 ? [404] : [])],
    attempts: 'one',
    signal: call.signal,
  });
  await response.discard();
}

/** 400 and 405 mostly mean UNSUPPORTED; a passing 4xx was tried again. */
function isRefusal(error: unknown): error is RegistryError {
  if (!(error instanceof RegistryError) || error.code !== 'registry/refused') return false;
  return error.status !== undefined && error.status < 500 && !isPassing(error.status);
}

async function explained(
  error: RegistryError,
  call: { readonly repository: Repository; readonly name: ManifestName; readonly signal: AbortSignal },
): Promise<RegistryError> {
  const { repository, name, signal } = call;
  const digest = 'tag' in name ? await findManifest(repository, name, signal) : undefined;
  const place = `${repository.registry}/${repository.name}`;
  const help =
    digest === undefined
      ? 'deleting may be switched off there (docker-registry: storage.delete.enabled); ask its operator'
      : `it deletes no tag by itself; \`layerwright delete ${place}@${digest}\` deletes the manifest with every tag of it`;
  return new RegistryError(error.code, { ...error.facts, help });
}
