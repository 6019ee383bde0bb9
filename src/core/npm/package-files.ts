/**
 * The files of a package as npm unpacks them out of its tarball (pacote's fetcher.js): without the top folder, whatever
 * it is called, without links and devices, with modes that the owner can work with under umask 022, and .gitignore as
 * .npmignore.
 */
import type { Digest } from '../digest/digest.ts';
import type { TarEntry } from '../tar/tar-entry.ts';
import { baseName, comparePaths, foldersAboveAll, type ImagePath } from '../tree/image-path.ts';

export interface PackageFile {
  readonly path: ImagePath;
  readonly mode: number;
  readonly size: number;
  readonly digest: Digest;
  /** Where its content starts in the decompressed tarball. */
  readonly offset: number;
  /** A script whose first line ends as on Windows: its text as npm writes it once it is a command (bin-links). */
  readonly script?: string;
}

/** Plain JSON. Paths are relative to the package's folder. */
export interface PackageTree {
  readonly files: readonly PackageFile[];
  readonly folders: readonly ImagePath[];
}

interface FoundFile extends Pick<PackageFile, 'digest' | 'offset' | 'script'> {
  readonly entry: TarFile;
}

type TarFile = Extract<TarEntry, { type: 'file' }>;

export interface PackageFiles {
  /** Where the file comes to stand; undefined where it is left out, and its content is not needed. */
  place(entry: TarEntry): ImagePath | undefined;
  add(path: ImagePath, file: FoundFile): void;
  tree(): PackageTree;
}

/** Takes the entries of a tarball in their order: of two with one name the later one counts. */
export function createPackageFiles(): PackageFiles {
  const files = new Map<ImagePath, PackageFile>();
  const folders = new Set<ImagePath>();
  const ignores = new Set<ImagePath>();
  return {
    place: (entry) => {
      if (entry.type !== 'file' && entry.type !== 'directory') return undefined;
      const path = withoutTop(entry.path);
      if (entry.type === 'directory') {
        if (path !== undefined) folders.add(path);
        return undefined;
      }
      return path === undefined ? undefined : asIgnoreFile(path, ignores);
    },
    add: (path, { entry, ...content }) => {
      files.set(path, { path, mode: fileMode(entry.mode), size: entry.size, ...content });
    },
    tree: () => treeOf(files, folders),
  };
}

function withoutTop(path: ImagePath): ImagePath | undefined {
  const slash = path.indexOf('/');
  return slash < 0 ? undefined : (path.slice(slash + 1) as ImagePath);
}

/** A .gitignore gives way to an .npmignore that stood before it in the tarball. */
function asIgnoreFile(path: ImagePath, ignores: Set<ImagePath>): ImagePath | undefined {
  const name = baseName(path);
  if (name === '.npmignore') ignores.add(path);
  if (name !== '.gitignore') return path;
  const ignore = path.replace(/\.gitignore$/, '.npmignore') as ImagePath;
  return ignores.has(ignore) ? undefined : ignore;
}

function fileMode(mode: number): number {
  return (mode | 0o666) & ~0o022 & 0o7777;
}

/** What stands below a file was in the tarball before the file took its folder's place. */
function treeOf(files: ReadonlyMap<ImagePath, PackageFile>, named: ReadonlySet<ImagePath>): PackageTree {
  const folders = foldersAboveAll([...files.keys(), ...named]);
  for (const folder of named) folders.add(folder);
  const kept = [...files.values()].filter(({ path }) => !folders.has(path));
  return {
    files: kept.sort((a, b) => comparePaths(a.path, b.path)),
    folders: [...folders].sort(comparePaths),
  };
}
