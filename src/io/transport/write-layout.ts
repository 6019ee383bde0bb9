/**
 * Writes images into an image layout in a folder (image-spec image-layout.md): blobs first, each under a temporary name
 * until it is whole, and the index last, replaced whole. Other images of the layout stay.
 */
import { closeSync, lstatSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalBytes } from '../../core/digest/canonical-json.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { mediaTypes } from '../../core/oci/media-type.ts';
import { createFolderSync, removeQuietly, replaceFile, syncFile, writeFully } from '../store/durable-file.ts';
import { ownedName } from '../store/process-owner.ts';
import { layoutMarker } from '../store/store-folder.ts';
import { blobName } from './layout-files.ts';
import { entryFor, type LayoutName, nameIn } from './layout-names.ts';
import { reclaimStaging } from './staging.ts';
import type { Delivery, TransportContext } from './transport.ts';
import { documentsOf, walkImage } from './walk-image.ts';

export interface LayoutWrite {
  readonly folder: string;
  /** The entries of the index that is there. */
  readonly entries: readonly Descriptor[];
  readonly names: readonly LayoutName[];
  /** Whether the user gave the name: then it is this image's alone, whatever reference another one has beside it. */
  readonly isNameGiven: boolean;
  readonly destination: string;
}

export interface Written {
  readonly moved: number;
  readonly present: number;
  readonly bytes: number;
}

const temporaryPrefix = '.layerwright-';

export async function writeLayout(
  delivery: Delivery,
  target: LayoutWrite,
  context: TransportContext,
): Promise<Written> {
  const { folder } = target;
  reclaimStaging(folder, temporaryPrefix);
  const all = await walkImage(documentsOf(delivery.blobs), delivery.root);
  const written = { moved: 0, present: 0, bytes: 0 };
  const total = all.reduce((sum, { size }) => sum + size, 0);
  for (const algorithm of new Set(['sha256', ...all.map(({ digest }) => digest.slice(0, 6))])) {
    mkdirSync(join(folder, 'blobs', algorithm), { recursive: true });
  }
  for (const descriptor of all) {
    context.signal.throwIfAborted();
    const isNew = !isThere(folder, descriptor);
    if (isNew) await writeBlob(delivery, target, descriptor);
    written.moved += isNew ? 1 : 0;
    written.present += isNew ? 0 : 1;
    written.bytes += isNew ? descriptor.size : 0;
    emitProgress(context, {
      destination: target.destination,
      item: descriptor.digest,
      done: written.bytes,
      total,
    });
  }
  await writeIndex(delivery.root, target);
  return written;
}

function emitProgress(
  context: TransportContext,
  progress: { destination: string; item: string; done: number; total: number },
): void {
  context.emit({ type: 'delivery-progress', ...progress });
}

/** A blob of the right name and size is taken for what it says; `verify` reads it. */
function isThere(folder: string, { digest, size }: Descriptor): boolean {
  const found = lstatSync(join(folder, blobName(digest)), { throwIfNoEntry: false });
  return found?.isFile() === true && found.size === size;
}

async function writeBlob(delivery: Delivery, target: LayoutWrite, { digest }: Descriptor): Promise<void> {
  const temporary = join(target.folder, `${temporaryPrefix}${ownedName()}`);
  const fd = openSync(temporary, 'wx');
  try {
    try {
      for await (const chunk of delivery.blobs.read(digest)) writeFully(fd, chunk);
      await syncFile(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, join(target.folder, blobName(digest)));
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
}

async function writeIndex(root: Descriptor, target: LayoutWrite): Promise<void> {
  const { folder } = target;
  await createFolderSync(join(folder, 'blobs', 'sha256'))();
  const temporary = (): string => join(folder, `${temporaryPrefix}${ownedName()}`);
  if (lstatSync(join(folder, 'oci-layout'), { throwIfNoEntry: false }) === undefined) {
    await replaceFile(join(folder, 'oci-layout'), new TextEncoder().encode(layoutMarker), temporary());
  }
  await replaceFile(join(folder, 'index.json'), indexBytes(root, target), temporary());
  await createFolderSync(folder)();
}

/** The index with our entries in place of those they replace, in one order whoever wrote first. */
export function indexBytes(
  root: Descriptor,
  target: Pick<LayoutWrite, 'entries' | 'names' | 'isNameGiven'>,
): Uint8Array {
  const kept = target.entries.filter(
    (entry) => !target.names.some((name) => isReplaced(entry, name, target)),
  );
  return layoutIndex([...kept, ...target.names.map((name) => entryFor(root, name))]);
}

/** The bytes of `index.json` with these entries. */
export function layoutIndex(entries: readonly Descriptor[]): Uint8Array {
  const manifests = [...entries].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  return canonicalBytes({ schemaVersion: 2, mediaType: mediaTypes.index, manifests });
}

function isReplaced(entry: Descriptor, name: LayoutName, target: Pick<LayoutWrite, 'isNameGiven'>): boolean {
  const { refName, imageName } = nameIn(entry);
  if (refName !== name.refName) return false;
  return target.isNameGiven || imageName === undefined || imageName === (name.imageName ?? imageName);
}

function sortKey(descriptor: Descriptor): string {
  const { refName = '', imageName = '' } = nameIn(descriptor);
  return [refName, imageName, descriptor.digest].join('\0');
}
