/**
 * `oci:DIR[:TAG]`: an image layout in a folder (image-spec image-layout.md), read and delivered to. A new folder is
 * made beside its place and renamed into it; an existing layout keeps its other images; anything else that stands
 * there is not ours and stays untouched.
 */
import { lstatSync, renameSync, rmSync, mkdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { formatTransportReference, type TransportReference } from '../../core/recipe/transport-reference.ts';
import { errorCode, isAbsent } from '../store/file-problem.ts';
import { namesIn } from '../store/folder-names.ts';
import { folderFiles } from './folder-files.ts';
import type { LayoutFiles } from './layout-files.ts';
import { readLayoutIndex, requireLayout } from './layout-index.ts';
import { nameIn, pickImage, namesOf } from './layout-names.ts';
import { layoutSource } from './layout-source.ts';
import { stagingPath } from './staging.ts';
import type { Deliver, Delivery, ImageSource, Receipt, TransportContext } from './transport.ts';
import { TransportError, transportErrorOf } from './transport-error.ts';
import { type LayoutWrite, writeLayout, type Written } from './write-layout.ts';

export type LayoutReference = Extract<TransportReference, { transport: 'oci' }>;

/** A relative path starts at the process's own folder. Throws TransportError. */
export async function openLayout(reference: LayoutReference): Promise<ImageSource> {
  const files = await layoutFiles(reference, '.');
  const manifests = await readLayoutIndex(files);
  return layoutSource(files, pickImage(manifests, { name: reference.tag, place: files.place }));
}

/** The tags of a layout, each once, in the order of its index. A relative path starts at `folder`. Throws TransportError. */
export async function layoutTags(reference: LayoutReference, folder: string): Promise<readonly string[]> {
  const manifests = await readLayoutIndex(await layoutFiles(reference, folder));
  return [...new Set(manifests.flatMap((manifest) => nameIn(manifest).refName ?? []))];
}

async function layoutFiles(reference: LayoutReference, folder: string): Promise<LayoutFiles> {
  const place = formatTransportReference(reference);
  const path = resolve(folder, reference.path);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    throw new TransportError('transport/not-found', `${place} is not there`, { help: 'check the path' });
  }
  const files = folderFiles(path, place);
  await requireLayout(files);
  return files;
}

/** Throws TransportError `transport/not-ours` where something else stands there, `transport/full`, … */
export const deliverToLayout: Deliver<LayoutReference> = async (delivery, reference, context) => {
  const destination = formatTransportReference(reference);
  const folder = resolve(context.folder ?? '.', reference.path);
  const plan = {
    folder,
    names: namesOf(delivery.references, reference.tag),
    isNameGiven: reference.tag !== undefined,
    destination,
  };
  try {
    const written = isVacant(folder)
      ? await createLayout(delivery, { ...plan, entries: [] }, context)
      : await extendLayout(delivery, plan, context);
    return receiptOf(delivery, destination, written);
  } catch (error) {
    throw transportErrorOf(error, 'writing the image layout', reference.path);
  }
};

function receiptOf(delivery: Delivery, destination: string, written: Written): Receipt {
  return { destination, digest: delivery.root.digest, ...written };
}

/** Whether nothing stands there, or an empty folder. */
function isVacant(folder: string): boolean {
  try {
    return statSync(folder).isDirectory() && namesIn(folder).length === 0;
  } catch (error) {
    if (isAbsent(error)) return lstatSync(folder, { throwIfNoEntry: false }) === undefined;
    throw error;
  }
}

async function createLayout(
  delivery: Delivery,
  target: LayoutWrite,
  context: TransportContext,
): Promise<Written> {
  const staging = stagingPath(target.folder);
  mkdirSync(staging);
  try {
    const written = await writeLayout(delivery, { ...target, folder: staging }, context);
    renameSync(staging, target.folder);
    return written;
  } catch (error) {
    rmSync(staging, { recursive: true, force: true });
    // Somebody else was quicker: add to what stands there now.
    if (errorCode(error) === 'ENOTEMPTY' || errorCode(error) === 'EEXIST') {
      return extendLayout(delivery, target, context);
    }
    throw error;
  }
}

async function extendLayout(
  delivery: Delivery,
  target: Omit<LayoutWrite, 'entries'>,
  context: TransportContext,
): Promise<Written> {
  const files = folderFiles(target.folder, target.destination);
  const entries = await ownEntries(files, target);
  return writeLayout(delivery, { ...target, entries }, context);
}

async function ownEntries(
  files: ReturnType<typeof folderFiles>,
  target: Omit<LayoutWrite, 'entries'>,
): Promise<readonly Descriptor[]> {
  const isFolder = lstatSync(target.folder, { throwIfNoEntry: false })?.isFile() !== true;
  if (isFolder && (await files.size('oci-layout')) !== undefined) {
    await requireLayout(files);
    return readLayoutIndex(files);
  }
  const message = `${escapeText(target.folder)} exists and is no image layout; nothing was touched`;
  throw new TransportError('transport/not-ours', message, {
    help: 'name a new or empty folder, or remove what stands there',
  });
}
