/**
 * Pushes a manifest that refers to another one (distribution spec, Pushing Manifests with Subject). Where the registry
 * does not say that it has listed it (OCI-Subject), the list under the fallback tag is ours to keep, and others write it
 * at the same time: it is read again after a random pause, and written again where our entry has gone (safety.md N38).
 */
import { Bug } from '../../core/diagnostic/bug.ts';
import { canonicalBytes } from '../../core/digest/canonical-json.ts';
import type { Digest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { mediaTypes } from '../../core/oci/media-type.ts';
import { parseManifestDocument } from '../../core/oci/parse-document.ts';
import { nativeDigestOf } from '../store/native-hasher.ts';
import { type FetchedManifest, writeManifest } from './manifests.ts';
import { readReferrersTag, referrersTag } from './referrers-tag.ts';
import { RegistryError } from './registry-error.ts';
import { type Repository, subjectIn } from './repository.ts';

/** Who lists the new referrer: the registry, or the tag. */
export type ListedBy = 'registry' | 'tag';

/**
 * Writes the manifest under its digest and has it listed. Its parts must be there already; its subject need not.
 * Errors: RegistryError, `registry/unexpected-answer` where others kept overwriting the list.
 */
export async function attachReferrer(
  repository: Repository,
  manifest: FetchedManifest,
  signal: AbortSignal,
): Promise<ListedBy> {
  const { subject, entry } = referrerOf(manifest);
  const name = { digest: manifest.descriptor.digest };
  const { listedFor } = await writeManifest(repository, manifest, { name, signal });
  if (listedFor === subject) return 'registry';
  await listUnderTag(repository, { subject, entry }, signal);
  return 'tag';
}

interface Referrer {
  readonly subject: Digest;
  /** What the list says of it: its type and annotations too. */
  readonly entry: Descriptor;
}

function referrerOf({ bytes, descriptor }: FetchedManifest): Referrer {
  const parsed = parseManifestDocument(bytes, { mediaType: descriptor.mediaType });
  if (!parsed.ok) throw new Bug(`the manifest to attach ${parsed.problems[0].message}`);
  const document = parsed.value.kind === 'index' ? parsed.value.index : parsed.value.manifest;
  const { subject, annotations } = document;
  if (subject === undefined) throw new Bug('the manifest to attach has no subject');
  const { mediaType, digest, size } = descriptor;
  // Listing Referrers: artifactType, else the media type of the config; an index without one has none.
  const artifactType =
    document.artifactType ??
    (parsed.value.kind === 'manifest' ? parsed.value.manifest.config.mediaType : undefined);
  const entry = {
    mediaType,
    digest,
    size,
    ...(annotations && { annotations }),
    ...(artifactType !== undefined && { artifactType }),
  };
  return { subject: subject.digest, entry };
}

async function listUnderTag(repository: Repository, referrer: Referrer, signal: AbortSignal): Promise<void> {
  const { retries, clock, random } = repository.client.settings;
  const { subject, entry } = referrer;
  for (let attempt = 1; ; attempt++) {
    const listed = (await readReferrersTag(repository, subject, signal)) ?? [];
    if (listed.some(({ digest }) => digest === entry.digest)) return;
    if (attempt > retries.attempts) throw overwritten(repository, subject);
    await writeList(repository, { subject, listed: [...listed, entry] }, signal);
    // Whoever read the list before this write and writes it after has done so by then.
    await clock.wait(Math.round(retries.first * (0.5 + random())), signal);
  }
}

async function writeList(
  repository: Repository,
  list: { readonly subject: Digest; readonly listed: readonly Descriptor[] },
  signal: AbortSignal,
): Promise<void> {
  const mediaType = mediaTypes.index;
  const bytes = canonicalBytes({ schemaVersion: 2, mediaType, manifests: list.listed });
  const descriptor = { mediaType, digest: nativeDigestOf(bytes, 'sha256'), size: bytes.length };
  await writeManifest(
    repository,
    { descriptor, bytes },
    { name: { tag: referrersTag(list.subject) }, signal },
  );
}

function overwritten(repository: Repository, subject: Digest): RegistryError {
  return new RegistryError('registry/unexpected-answer', {
    subject: subjectIn(repository, `list a referrer of ${subject}`),
    found: `the entry in the tag ${referrersTag(subject)} was lost each time: others write it too`,
    help: 'attach again when nobody else does',
  });
}
