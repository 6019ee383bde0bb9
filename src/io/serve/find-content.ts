/** What an image that was there before brings into its repository: its manifests and blobs, as far as they are there. */
import type { Digest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { isIndexType, isManifestType } from '../../core/oci/media-type.ts';
import { type ManifestDocument, parseManifestDocument } from '../../core/oci/parse-document.ts';
import type { BlobReader } from '../store/store.ts';
import { believed, childrenOf, documentLimit } from '../transport/image-document.ts';
import { maxIndexDepth, tooDeep } from '../transport/walk-image.ts';

export interface Content {
  readonly manifests: readonly KeptManifest[];
  readonly blobs: readonly Descriptor[];
}

/** A manifest or index as a repository keeps it. */
export interface KeptManifest {
  /** Its type, digest and size, and the artifact type and annotations that a list of referrers shows. */
  readonly descriptor: Descriptor;
  readonly subject?: Digest;
}

interface Walk {
  readonly blobs: BlobReader;
  readonly manifests: Map<Digest, KeptManifest>;
  readonly others: Map<Digest, Descriptor>;
}

/**
 * Everything below `root` that is there: an index of which only some images were copied is served as it is. Throws
 * TransportError `transport/bad-document`, StoreError for a corrupt blob.
 */
export async function findContent(blobs: BlobReader, root: Descriptor): Promise<Content> {
  const walk: Walk = { blobs, manifests: new Map(), others: new Map() };
  await visit(walk, root, 0);
  return { manifests: [...walk.manifests.values()], blobs: [...walk.others.values()] };
}

async function visit(walk: Walk, descriptor: Descriptor, depth: number): Promise<void> {
  const { mediaType, digest, size } = descriptor;
  if (walk.manifests.has(digest) || (await walk.blobs.size(digest)) !== size) return;
  if (!isIndexType(mediaType) && !isManifestType(mediaType)) {
    walk.others.set(digest, { mediaType, digest, size });
    return;
  }
  if (depth > maxIndexDepth) throw tooDeep(digest);
  const bytes = await walk.blobs.readAll(digest, documentLimit);
  const document = believed(parseManifestDocument(bytes, { mediaType, layers: 'any' }), digest);
  walk.manifests.set(digest, keptManifest(document, { digest, size }));
  for (const child of childrenOf(document)) await visit(walk, child, depth + 1);
}

/** distribution-spec, Listing Referrers: which members of a manifest its descriptor shows there. */
export function keptManifest(
  document: ManifestDocument,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
): KeptManifest {
  const { annotations, subject } = document.kind === 'index' ? document.index : document.manifest;
  const artifactType = artifactTypeOf(document);
  return {
    descriptor: {
      mediaType: document.mediaType,
      digest,
      size,
      ...(artifactType === undefined ? {} : { artifactType }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    ...(subject === undefined ? {} : { subject: subject.digest }),
  };
}

/** A manifest without one has its config's media type in its place. */
function artifactTypeOf(document: ManifestDocument): string | undefined {
  if (document.kind === 'index') return document.index.artifactType;
  return document.manifest.artifactType ?? document.manifest.config.mediaType;
}
