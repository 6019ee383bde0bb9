/** `oci-archive:FILE[:TAG]`: an image layout in a tar archive. An existing file is replaced, whole or not at all. */
import { resolve } from 'node:path';
import { formatTransportReference, type TransportReference } from '../../core/recipe/transport-reference.ts';
import { openArchive } from './archive-files.ts';
import { archiveReceipt, layoutMembers } from './archive-members.ts';
import { readLayoutIndex, requireLayout } from './layout-index.ts';
import { namesOf, pickImage } from './layout-names.ts';
import { layoutSource } from './layout-source.ts';
import type { Deliver, ImageSource } from './transport.ts';
import { transportErrorOf } from './transport-error.ts';
import { documentsOf, walkImage } from './walk-image.ts';
import { replaceArchive } from './write-archive.ts';

export type OciArchiveReference = Extract<TransportReference, { transport: 'oci-archive' }>;

/** A relative path starts at the process's own folder. Throws TransportError. */
export async function openOciArchive(reference: OciArchiveReference): Promise<ImageSource> {
  const place = formatTransportReference(reference);
  const files = await openArchive(resolve(reference.path), place);
  try {
    await requireLayout(files);
    const picked = pickImage(await readLayoutIndex(files), { name: reference.tag, place });
    return layoutSource(files, picked);
  } catch (error) {
    await files.close();
    throw error;
  }
}

/** Throws TransportError `transport/not-ours`, `transport/full`, …, and StoreError where a blob is missing. */
export const deliverToOciArchive: Deliver<OciArchiveReference> = async (delivery, reference, context) => {
  const destination = formatTransportReference(reference);
  const descriptors = await walkImage(documentsOf(delivery.blobs), delivery.root);
  const image = { delivery, descriptors, names: namesOf(delivery.references, reference.tag), destination };
  try {
    await replaceArchive(resolve(context.folder ?? '.', reference.path), layoutMembers(image, context));
  } catch (error) {
    throw transportErrorOf(error, 'writing', reference.path);
  }
  return archiveReceipt(image);
};
