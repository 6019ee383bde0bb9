/**
 * An image for several platforms as if it had been made for some of them: a new index over their manifests, which keep
 * their digests. The index itself is another one, and so is the digest of the image.
 */
import { canonicalBytes } from '../../core/digest/canonical-json.ts';
import { algorithmOf } from '../../core/digest/digest.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { bodyOf } from '../registry/request-body.ts';
import { nativeDigestOf } from '../store/native-hasher.ts';
import { badDocument, readManifest } from './image-document.ts';
import { isLocal } from './source-blobs.ts';
import type { ImageSource } from './transport.ts';

/** The source with an index over these of its manifests for its root. Its own annotations and subject stay. */
export async function narrowIndex(
  source: ImageSource,
  manifests: readonly Descriptor[],
): Promise<ImageSource> {
  const { mediaType, digest } = source.root;
  const document = readManifest(await source.readDocument(source.root), { mediaType, place: digest });
  if (document.kind !== 'index') throw badDocument(digest, 'it is a manifest where an index is needed');
  const bytes = canonicalBytes({ ...document.index, manifests });
  const root = {
    mediaType,
    digest: nativeDigestOf(bytes, algorithmOf(digest)),
    size: bytes.byteLength,
  };
  return withDocument(source, root, bytes);
}

/** The source with one more document, which is its root. */
function withDocument(source: ImageSource, root: Descriptor, bytes: Uint8Array): ImageSource {
  const body = bodyOf(bytes);
  const isRoot = ({ digest }: Descriptor): boolean => digest === root.digest;
  return {
    ...source,
    root,
    readDocument: (one) => (isRoot(one) ? Promise.resolve(bytes) : source.readDocument(one)),
    openBlob: (one) => (isRoot(one) ? body.open() : source.openBlob(one)),
    ...(isLocal(source) && {
      readBlob: (one: Descriptor) => (isRoot(one) ? body.open() : source.readBlob(one)),
    }),
  };
}
