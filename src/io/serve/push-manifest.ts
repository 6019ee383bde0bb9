/**
 * Pushing manifests (distribution-spec, Pushing Manifests). A manifest is taken when it means one thing, has the digest
 * that it was pushed by, and everything below it is there: whatever can be pulled here is whole.
 */
import { algorithmOf, type Digest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { isForeignLayerType, isIndexType, isManifestType } from '../../core/oci/media-type.ts';
import { type ManifestDocument, parseManifestDocument } from '../../core/oci/parse-document.ts';
import { isTag } from '../../core/oci/reference.ts';
import { nativeDigestOf } from '../store/native-hasher.ts';
import { childrenOf } from '../transport/image-document.ts';
import type { Answer } from './answer.ts';
import { keptManifest } from './find-content.ts';
import type { ManifestAddress } from './read-manifest.ts';
import { Refusal } from './refusal.ts';
import { digestFrom } from './route.ts';
import { boundedBody, type Served, type ServedRequest } from './served-request.ts';

export async function pushManifest(
  served: Served,
  request: ServedRequest,
  address: ManifestAddress,
): Promise<Answer> {
  const { name } = address;
  const tags = tagsOf(request, address);
  const expected = address.reference.includes(':') ? digestFrom(address.reference) : undefined;
  const bytes = await wholeBody(served, request);
  const document = believe(bytes, request);
  const digest = nativeDigestOf(bytes, expected === undefined ? 'sha256' : algorithmOf(expected));
  if (expected !== undefined && expected !== digest) {
    throw new Refusal('DIGEST_INVALID', `the ${String(bytes.byteLength)} bytes have the digest ${digest}`);
  }
  const size = bytes.byteLength;
  const kept = keptManifest(document, { digest, size });
  const root = { mediaType: document.mediaType, digest, size };
  await served.turns.take(async () => {
    for (const child of childrenOf(document)) await requireThere(served, name, child);
    await putBytes(served, bytes, digest);
    await served.repositories.addManifest(name, kept);
    for (const tag of tags) await served.repositories.addTag({ repository: name, tag, root });
  });
  return pushed(name, digest, { subject: kept.subject, tags });
}

/** Tags may come as parameters beside a digest, too (distribution-spec after 1.1, Pushing Manifests). */
function tagsOf({ query }: ServedRequest, { reference }: ManifestAddress): readonly string[] {
  const tags = reference.includes(':') ? query.getAll('tag') : [reference];
  if (tags.every((tag) => isTag(tag))) return tags;
  throw new Refusal(
    'MANIFEST_INVALID',
    'a tag has up to 128 letters, digits, `_`, `.` and `-`, the first two never first',
  );
}

async function wholeBody({ limits }: Served, request: ServedRequest): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of boundedBody(request, limits.manifestBytes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function believe(bytes: Uint8Array, { headers }: ServedRequest): ManifestDocument {
  const mediaType = headers['content-type']?.split(';', 1)[0]?.trim();
  const parsed = parseManifestDocument(bytes, {
    layers: 'any',
    ...(mediaType === undefined ? {} : { mediaType }),
  });
  if (parsed.ok) return parsed.value;
  const [{ pointer, message }] = parsed.problems;
  throw new Refusal('MANIFEST_INVALID', `${pointer === '' ? 'the manifest' : pointer} ${message}`);
}

async function requireThere({ repositories }: Served, name: string, child: Descriptor): Promise<void> {
  const { mediaType, digest } = child;
  // image-spec layer.md, Non-Distributable Layers: these are never pushed.
  if (isForeignLayerType(mediaType)) return;
  const kind = isManifestType(mediaType) || isIndexType(mediaType) ? 'manifests' : 'blobs';
  if (await repositories.keep(name, kind, digest)) return;
  const what = kind === 'manifests' ? 'manifest' : 'blob';
  throw new Refusal('MANIFEST_BLOB_UNKNOWN', `this repository has no ${what} ${digest}`);
}

async function putBytes({ blobs }: Served, bytes: Uint8Array, digest: Digest): Promise<void> {
  const file = await blobs.begin();
  try {
    await file.write(bytes);
    await file.seal(algorithmOf(digest));
    await file.publish(digest);
  } finally {
    await file.discard();
  }
}

function pushed(
  name: string,
  digest: Digest,
  { subject, tags }: { readonly subject: Digest | undefined; readonly tags: readonly string[] },
): Answer {
  return {
    status: 201,
    headers: {
      location: `/v2/${name}/manifests/${digest}`,
      'docker-content-digest': digest,
      'content-length': '0',
      ...(subject === undefined ? {} : { 'oci-subject': subject }),
      ...(tags.length === 0 ? {} : { 'oci-tag': tags.join(', ') }),
    },
  };
}
