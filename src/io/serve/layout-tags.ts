/**
 * The tags of a layout are the entries of its `index.json`, which stays the one truth: what is pushed is there for every
 * tool that reads layouts, and what another tool adds is served at the next request.
 */
import { lstatSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { parseNormalizedReference } from '../../core/oci/normalize-reference.ts';
import { isRepository, isTag, type Reference } from '../../core/oci/reference.ts';
import { createFolderSync, replaceFile } from '../store/durable-file.ts';
import { storeErrorOf } from '../store/store-error.ts';
import { type StoreFolder, temporaryPath } from '../store/store-folder.ts';
import { folderFiles } from '../transport/folder-files.ts';
import { readLayoutIndex } from '../transport/layout-index.ts';
import { entryFor, nameIn } from '../transport/layout-names.ts';
import { layoutIndex } from '../transport/write-layout.ts';
import type { NamedImage, TagTable } from './tag-table.ts';

/** Before the repository in `io.containerd.image.name`, which has to be a whole reference. */
const ownHost = 'localhost';

/** Throws TransportError `transport/bad-document` where the index cannot be believed, StoreError where it cannot be written. */
export function layoutTags(folder: StoreFolder): TagTable {
  const files = folderFiles(folder.path, folder.path);
  const repository = repositoryFor(folder.path);
  let known: { readonly state: string; readonly images: readonly NamedImage[] } | undefined;
  const all = async (): Promise<readonly NamedImage[]> => {
    const state = stateOf(folder.path);
    if (known?.state === state) return known.images;
    const images = (await readLayoutIndex(files)).map((entry) => imageOf(entry, repository));
    known = { state, images };
    return images;
  };
  const others = async (name: string, tag: string): Promise<readonly Descriptor[]> =>
    (await readLayoutIndex(files)).filter((entry) => {
      const image = imageOf(entry, repository);
      return image.repository !== name || image.tag !== tag;
    });
  return {
    all,
    put: async ({ repository: name, tag, root }) => {
      const entry = entryFor(root, { refName: tag, imageName: `${ownHost}/${name}:${tag}` });
      await writeIndex(folder, [...(await others(name, tag)), entry]);
    },
    remove: async (name, tag) => {
      const isThere = (await all()).some((image) => image.repository === name && image.tag === tag);
      if (isThere) await writeIndex(folder, await others(name, tag));
      return isThere;
    },
  };
}

/** The repository of images to which their layout gives a tag and no more: named as the folder is. */
export function repositoryFor(path: string): string {
  const name = basename(path).toLowerCase();
  return isRepository(name) ? name : 'image';
}

function imageOf(entry: Descriptor, fallback: string): NamedImage {
  const { mediaType, digest, size } = entry;
  const root = { mediaType, digest, size };
  const { refName, imageName } = nameIn(entry);
  const reference = referenceIn(imageName) ?? (isTag(refName ?? '') ? undefined : referenceIn(refName));
  const repository = reference?.path ?? fallback;
  const tag = isTag(refName ?? '') ? refName : reference?.tag;
  return tag === undefined ? { repository, root } : { repository, tag, root };
}

function referenceIn(text: string | undefined): Reference | undefined {
  const parsed = parseNormalizedReference(text ?? '');
  return parsed.ok ? parsed.reference : undefined;
}

function stateOf(path: string): string {
  const found = lstatSync(join(path, 'index.json'), { throwIfNoEntry: false, bigint: true });
  return found === undefined ? '' : [found.ino, found.size, found.mtimeNs].join(' ');
}

async function writeIndex(folder: StoreFolder, entries: readonly Descriptor[]): Promise<void> {
  const path = join(folder.path, 'index.json');
  try {
    await replaceFile(path, layoutIndex(entries), temporaryPath(folder));
    await createFolderSync(folder.path)();
  } catch (error) {
    throw storeErrorOf(error, 'writing', path);
  }
}
