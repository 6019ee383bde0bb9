/** The members of the archives that we write: the blobs of one image, and the documents that name it. */
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { layoutMarker } from '../store/store-folder.ts';
import { blobName } from './layout-files.ts';
import type { LayoutName } from './layout-names.ts';
import type { Delivery, Receipt, TransportContext } from './transport.ts';
import type { ArchiveFile } from './write-archive.ts';
import { indexBytes } from './write-layout.ts';

export interface ImageMembers {
  readonly delivery: Delivery;
  /** Everything below the root and the root itself. */
  readonly descriptors: readonly Descriptor[];
  readonly names: readonly LayoutName[];
  /** As a user would write it. */
  readonly destination: string;
}

/** An image layout of one image, as members of an archive. */
export function layoutMembers(image: ImageMembers, context: TransportContext): ArchiveFile[] {
  const { delivery, descriptors, names, destination } = image;
  const total = totalSize(descriptors);
  let done = 0;
  const blobs = descriptors.map(({ digest, size }) => ({
    name: blobName(digest),
    size,
    chunks: async function* () {
      for await (const chunk of delivery.blobs.read(digest)) {
        context.signal.throwIfAborted();
        yield chunk;
      }
      done += size;
      context.emit({ type: 'delivery-progress', destination, item: digest, done, total });
    },
  }));
  const index = indexBytes(delivery.root, { entries: [], names, isNameGiven: true });
  return [
    ...blobs,
    smallMember('index.json', index),
    smallMember('oci-layout', new TextEncoder().encode(layoutMarker)),
  ];
}

export function smallMember(name: string, bytes: Uint8Array): ArchiveFile {
  return { name, size: bytes.byteLength, chunks: () => [bytes] };
}

/** An archive is always written whole. */
export function archiveReceipt({ delivery, descriptors, destination }: ImageMembers): Receipt {
  return {
    destination,
    digest: delivery.root.digest,
    moved: descriptors.length,
    present: 0,
    bytes: totalSize(descriptors),
  };
}

function totalSize(descriptors: readonly Descriptor[]): number {
  return descriptors.reduce((sum, { size }) => sum + size, 0);
}
