/**
 * Everything below an image's root, children first: the order in which a delivery writes, so that whatever stands
 * somewhere is complete.
 */
import type { Digest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { isForeignLayerType, isIndexType, isManifestType } from '../../core/oci/media-type.ts';
import { badDocument, childrenOf, documentLimit, readManifest } from './image-document.ts';
import type { TransportError } from './transport-error.ts';

/** Gives the bytes of a manifest or index, verified. */
export type ReadDocument = (descriptor: Descriptor) => Promise<Uint8Array>;

/** Image-spec sets no limit to indexes in indexes; no tool makes more than two levels. */
export const maxIndexDepth = 8;

/**
 * Every descriptor from the leaves up to `root`, each digest once. Layers that may not be distributed (image-spec
 * layer.md, Non-Distributable Layers) are left out: they are not kept anywhere, and their `urls` are never contacted.
 */
export async function walkImage(read: ReadDocument, root: Descriptor): Promise<readonly Descriptor[]> {
  const found = new Map<Digest, Descriptor>();
  await visit({ read, found, depth: 0 }, root);
  return [...found.values()];
}

interface Walk {
  readonly read: ReadDocument;
  readonly found: Map<Digest, Descriptor>;
  readonly depth: number;
}

async function visit(walk: Walk, descriptor: Descriptor): Promise<void> {
  const { mediaType, digest } = descriptor;
  if (walk.found.has(digest)) return;
  if (isIndexType(mediaType) || isManifestType(mediaType)) {
    if (walk.depth > maxIndexDepth) throw tooDeep(digest);
    const document = readManifest(await walk.read(descriptor), { mediaType, place: digest });
    for (const child of childrenOf(document)) await visit({ ...walk, depth: walk.depth + 1 }, child);
  }
  if (!isForeignLayerType(mediaType)) walk.found.set(digest, descriptor);
}

/** Reads documents out of a store. */
export function documentsOf(blobs: {
  readAll(digest: Digest, limit: number): Promise<Uint8Array>;
}): ReadDocument {
  return ({ digest }) => blobs.readAll(digest, documentLimit);
}

export function tooDeep(digest: Digest): TransportError {
  return badDocument(digest, `indexes stand in indexes more than ${String(maxIndexDepth)} deep`);
}
