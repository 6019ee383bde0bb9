/** The list of referrers under a tag (distribution spec, Referrers Tag Schema), for registries without the API. */
import type { Digest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { parseManifestDocument } from '../../core/oci/parse-document.ts';
import { untrusted } from './manifest-rules.ts';
import { readManifest } from './manifests.ts';
import { RegistryError } from './registry-error.ts';
import { type Repository, subjectIn } from './repository.ts';

/** `sha256-<hex>`: at most 32 characters of the algorithm and 64 of the hex, so a sha512 is cut. */
export function referrersTag(subject: Digest): string {
  const colon = subject.indexOf(':');
  return `${subject.slice(0, colon).slice(0, 32)}-${subject.slice(colon + 1).slice(0, 64)}`;
}

/** The list, or undefined where there is no such tag. Errors: RegistryError. */
export async function readReferrersTag(
  repository: Repository,
  subject: Digest,
  signal: AbortSignal,
): Promise<readonly Descriptor[] | undefined> {
  const tag = referrersTag(subject);
  const manifest = await readManifest(repository, { tag }, signal).catch((error: unknown) => {
    if (error instanceof RegistryError && error.code === 'registry/not-found') return undefined;
    throw error;
  });
  if (manifest === undefined) return undefined;
  const parsed = parseManifestDocument(manifest.bytes, { mediaType: manifest.descriptor.mediaType });
  if (parsed.ok && parsed.value.kind === 'index') return parsed.value.index.manifests;
  throw untrusted(subjectIn(repository, `list what refers to ${subject}`), `the tag ${tag} is not an index`);
}
