/** The two files that make a layout one: `oci-layout` and `index.json` (image-spec image-layout.md). */
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { parseImageLayout } from '../../core/oci/parse-document.ts';
import { badDocument, believed, documentLimit, readManifest } from './image-document.ts';
import { type LayoutFiles, readSmallFile } from './layout-files.ts';
import { TransportError } from './transport-error.ts';

/** Throws `transport/not-found`, `transport/not-an-image`, or `transport/bad-document` for a version that is not ours. */
export async function requireLayout(files: LayoutFiles): Promise<void> {
  const bytes = await readSmallFile(files, 'oci-layout', documentLimit);
  if (bytes === undefined) {
    throw new TransportError(
      'transport/not-an-image',
      `${files.place} is no image layout: it has no oci-layout`,
      {
        help: 'name a folder or archive that holds oci-layout, index.json and blobs/',
      },
    );
  }
  believed(parseImageLayout(bytes), `oci-layout of ${files.place}`);
}

/** The entries of `index.json`; none where a layout was begun and never filled. */
export async function readLayoutIndex(files: LayoutFiles): Promise<readonly Descriptor[]> {
  const bytes = await readSmallFile(files, 'index.json', documentLimit);
  if (bytes === undefined) return [];
  const place = `index.json of ${files.place}`;
  const document = readManifest(bytes, { place });
  if (document.kind !== 'index') throw badDocument(place, 'it is a manifest');
  return document.index.manifests;
}
