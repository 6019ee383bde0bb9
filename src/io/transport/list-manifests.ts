/** The manifests of an image for several platforms, through whatever indexes stand in its index (image-index.md, manifests). */
import type { Digest } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { isIndexType, isManifestType } from '../../core/oci/media-type.ts';
import { readManifest } from './image-document.ts';
import type { ImageSource } from './transport.ts';
import { maxIndexDepth, tooDeep } from './walk-image.ts';

/**
 * In the order of the indexes, each of which is read once. A manifest of an inner index that says no platform has the one
 * which is said of its index. Throws what the source throws, and TransportError `transport/bad-document`.
 */
export async function listManifests(source: ImageSource): Promise<readonly Descriptor[]> {
  const listing = { source, found: [], read: new Set<Digest>(), depth: 0 };
  await addBelow(listing, source.root);
  return listing.found;
}

interface Listing {
  readonly source: ImageSource;
  readonly found: Descriptor[];
  readonly read: Set<Digest>;
  readonly depth: number;
}

async function addBelow(listing: Listing, index: Descriptor): Promise<void> {
  const { source, found, read, depth } = listing;
  if (read.has(index.digest)) return;
  read.add(index.digest);
  if (depth > maxIndexDepth) throw tooDeep(index.digest);
  const { mediaType, digest } = index;
  const document = readManifest(await source.readDocument(index), { mediaType, place: digest });
  if (document.kind !== 'index') return;
  for (const one of document.index.manifests) {
    const descriptor = one.platform === undefined ? { ...one, ...platformOf(index) } : one;
    if (isIndexType(one.mediaType)) await addBelow({ ...listing, depth: depth + 1 }, descriptor);
    if (isManifestType(one.mediaType)) found.push(descriptor);
  }
}

function platformOf({ platform }: Descriptor): Pick<Descriptor, 'platform'> {
  return platform === undefined ? {} : { platform };
}
