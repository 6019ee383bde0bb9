/** Pulling and deleting manifests (distribution-spec, Pulling manifests, Deleting tags, Deleting Manifests). */
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { parseManifestDocument } from '../../core/oci/parse-document.ts';
import type { Answer } from './answer.ts';
import { entityTag, isHeld } from './conditional.ts';
import { keptManifest, type KeptManifest } from './find-content.ts';
import { Refusal } from './refusal.ts';
import type { Served, ServedRequest } from './served-request.ts';

export interface ManifestAddress {
  readonly name: string;
  /** A tag or a digest, as the client wrote it. */
  readonly reference: string;
}

export async function readManifest(
  served: Served,
  request: ServedRequest,
  address: ManifestAddress,
): Promise<Answer> {
  const { mediaType, digest, size } = await known(served, address);
  const headers = {
    'content-type': mediaType,
    'docker-content-digest': digest,
    etag: entityTag(digest),
    'content-length': String(size),
  };
  if (isHeld(request, digest)) return { status: 304, headers: { ...headers, 'content-length': '0' } };
  if (request.method === 'HEAD') return { status: 200, headers };
  return { status: 200, headers, body: await served.blobs.readAll(digest, served.limits.manifestBytes) };
}

/** A tag alone, or a manifest with every tag that names it. */
export async function deleteManifest(served: Served, address: ManifestAddress): Promise<Answer> {
  const { repositories, blobs } = served;
  const { name, reference } = address;
  const accepted = { status: 202, headers: { 'content-length': '0' } };
  if (!reference.includes(':')) {
    if (await repositories.removeTag(name, reference)) return accepted;
    throw unknown();
  }
  const kept = await readKept(served, await known(served, address));
  await repositories.removeManifest(name, kept);
  const { digest } = kept.descriptor;
  if (!(await repositories.isUsed(digest))) blobs.remove(digest);
  return accepted;
}

async function readKept({ blobs, limits }: Served, descriptor: Descriptor): Promise<KeptManifest> {
  const { mediaType, digest } = descriptor;
  const bytes = await blobs.readAll(digest, limits.manifestBytes);
  const parsed = parseManifestDocument(bytes, { mediaType, layers: 'any' });
  return parsed.ok ? keptManifest(parsed.value, descriptor) : { descriptor };
}

async function known({ repositories }: Served, { name, reference }: ManifestAddress): Promise<Descriptor> {
  const manifest = await repositories.manifest(name, reference);
  if (manifest === undefined) throw unknown();
  return manifest;
}

function unknown(): Refusal {
  return new Refusal('MANIFEST_UNKNOWN', 'this repository has no such tag or manifest');
}
