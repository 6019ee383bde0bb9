/**
 * Which package a file of an image belongs to: the npm package whose folder it stands in, the innermost one, else the
 * Debian package whose list names it. What a package manager keeps for itself belongs to none.
 */
import { type EntryAt, locateInTree } from '../tree/follow-links.ts';
import {
  baseName,
  foldersAboveAll,
  type ImagePath,
  joinPath,
  parentPath,
  rootPath,
} from '../tree/image-path.ts';
import type { DpkgList } from './dpkg-lists.ts';
import type { ImagePackage } from './image-packages.ts';

/** What an image says of the packages in it. */
export interface FoundPackages {
  readonly packages: readonly ImagePackage[];
  readonly lists: readonly DpkgList[];
}

export type PackageOf = (path: ImagePath) => ImagePackage | undefined;

/** `entryAt` is what stands in the root file system, since lists name paths as packages had them: `lib/…` for `usr/lib/…`. */
export function packageOwners({ packages, lists }: FoundPackages, entryAt: EntryAt): PackageOf {
  const folders = new Map<string, ImagePackage>();
  for (const one of packages) if (one.kind === 'npm') folders.set(one.place, one);
  const listed = listedFiles({ packages, lists }, entryAt);
  return (path) => ownerByFolder(path, folders) ?? listed.get(path);
}

function ownerByFolder(
  path: ImagePath,
  folders: ReadonlyMap<string, ImagePackage>,
): ImagePackage | undefined {
  for (let at = path; at !== rootPath; at = parentPath(at)) {
    const found = folders.get(at);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Folders are shared; of two packages that name one file, as where one replaced it, the first in the lists has it. */
function listedFiles({ packages, lists }: FoundPackages, entryAt: EntryAt): Map<ImagePath, ImagePackage> {
  const named = packagesByName(packages);
  const located = folderLocator(entryAt);
  const owners = new Map<ImagePath, ImagePackage>();
  for (const { package: name, paths } of lists) {
    const owner = named.get(name);
    if (owner === undefined) continue;
    // A folder of the package may be a link of the system: `bin`, where usr is merged.
    const folders = foldersAboveAll(paths);
    for (const written of paths.filter((path) => !folders.has(path))) {
      const path = located(written);
      const type = entryAt(path)?.type;
      if (type !== undefined && type !== 'directory' && !owners.has(path)) owners.set(path, owner);
    }
  }
  return owners;
}

/** By `name` and by `name:processor`. */
function packagesByName(packages: readonly ImagePackage[]): Map<string, ImagePackage> {
  const named = new Map<string, ImagePackage>();
  for (const one of packages) {
    if (one.kind !== 'deb') continue;
    if (!named.has(one.name)) named.set(one.name, one);
    named.set(`${one.name}:${one.place}`, one);
  }
  return named;
}

/** Follows the links of each folder once. */
function folderLocator(entryAt: EntryAt): (path: ImagePath) => ImagePath {
  const known = new Map<ImagePath, ImagePath>();
  return (path) => {
    const folder = parentPath(path);
    const located = known.get(folder) ?? parentPath(locateInTree(entryAt, path));
    known.set(folder, located);
    return joinPath(located, baseName(path) as ImagePath);
  };
}
