/**
 * The only code that touches an unpack tree. Paths are those of the image: links on the way are followed inside the
 * root, the last component never is, what stands in the way is replaced and not written through. Folders are open to us
 * alone while the tree is made; `finish` gives them their own modes and times, deepest first.
 *
 * Every method that makes something gives the path where it stands, without links (`bin/x` on a usr-merged image is
 * `usr/bin/x`). Refused entries throw BundleError `bundle/refused-entry`; what the system refuses is thrown as it is,
 * for applyLayer to say which entry it was.
 */
import { closeSync, constants, linkSync, lstatSync, mkdirSync, openSync, symlinkSync } from 'node:fs';
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import type { Metadata } from '../../core/tree/file-tree.ts';
import { baseName, type ImagePath, parentPath, pathToBytes, rootPath } from '../../core/tree/image-path.ts';
import { errorCode } from '../store/file-problem.ts';
import { BundleError, refusedEntry } from './bundle-error.ts';
import { ExactNames, foldsNames } from './exact-name.ts';
import { ExtendedAttributes } from './extended-attributes.ts';
import { FineTimes } from './fine-times.ts';
import { FolderChain, type MakeFolder } from './folder-chain.ts';
import { FolderRecords } from './folder-records.ts';
import { descriptorPath, openFolder, type Spot, spotFile, spotPath } from './held-folder.ts';
import { clearLower, type WrittenPaths } from './lower-content.ts';
import { NodeMetadata } from './node-metadata.ts';
import { OpenFile } from './open-file.ts';
import { readRegularFile } from './read-regular-file.ts';
import { TrashFolder } from './remove-tree.ts';
import { Shortfalls } from './shortfalls.ts';
import { makeSpecialNode, type SpecialEntry } from './special-node.ts';

const newFile = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW;
/** Others who write to the tree may put names back as fast as they are removed. */
const maxAttempts = 8;

export class SafeRoot {
  readonly #names: ExactNames | undefined;
  readonly #chain: FolderChain;
  readonly #trash: TrashFolder;
  readonly #folders: FolderRecords;
  readonly #metadata: NodeMetadata;
  readonly #shortfalls = new Shortfalls();
  #file: OpenFile | undefined;

  private constructor(directory: string, spareFd: number, attributes: ExtendedAttributes) {
    this.#names = foldsNames(spareFd) ? new ExactNames() : undefined;
    this.#chain = new FolderChain(openFolder(directory), (spot) => this.#names?.inspect(spot));
    this.#trash = new TrashFolder(spareFd);
    this.#metadata = new NodeMetadata(attributes, new FineTimes(), this.#shortfalls);
    this.#folders = new FolderRecords(this.#chain, this.#metadata);
  }

  /**
   * `directory` becomes the root; `spare` is an empty, private folder of ours on the same file system. Neither may be a
   * link. Throws BundleError `bundle/needs-linux` elsewhere than on Linux.
   */
  static async open(directory: string, spare: string): Promise<SafeRoot> {
    if (process.platform !== 'linux') {
      throw new BundleError('bundle/needs-linux', `an image cannot be unpacked on ${process.platform}`, {
        help: 'deliver it as oci:, oci-archive: or docker-archive: instead, or unpack it on Linux',
      });
    }
    const spareFd = openFolder(spare);
    return new SafeRoot(directory, spareFd, await ExtendedAttributes.load(spareFd));
  }

  /** An empty file that is then written to; its metadata is set when it is finished. */
  makeFile(path: ImagePath, metadata: Metadata): { readonly path: ImagePath; readonly file: OpenFile } {
    const spot = this.#place(path);
    const fd = this.#make(spot, (target) => openSync(target, newFile, 0o600));
    this.#file = new OpenFile(fd, (open) => {
      this.#metadata.settleFile(open, spot, metadata);
    });
    return { path: spotPath(spot), file: this.#file };
  }

  /** A folder; one that is there keeps its content and gets the new metadata. */
  makeFolder(path: ImagePath, metadata: Metadata): ImagePath {
    if (path === '') {
      this.#idle();
      this.#folders.own({ folder: this.#chain.root, name: '.' }, metadata);
      return rootPath;
    }
    const spot = this.#place(path);
    if (!this.#isFolder(spot)) {
      this.#make(spot, (target) => mkdirSync(target, 0o700));
      this.#folders.openToUs(spot);
    }
    this.#folders.own(spot, metadata);
    return spotPath(spot);
  }

  /** A symbolic link; the target is kept word for word. */
  makeSymlink(path: ImagePath, target: string, metadata: Metadata): ImagePath {
    const bytes = Buffer.from(pathToBytes(target));
    if (bytes.length === 0 || bytes.length > 4095 || bytes.includes(0)) {
      throw refusedEntry(path, 'its target is empty, has a NUL or is longer than Linux allows');
    }
    const spot = this.#place(path);
    this.#make(spot, (link) => symlinkSync(bytes, link));
    this.#metadata.settleLink(spot, metadata);
    return spotPath(spot);
  }

  /** Another name of an entry that is there and is no folder. It has that entry's metadata, whatever the tar says. */
  makeHardlink(path: ImagePath, target: ImagePath): ImagePath {
    const existing = this.#locate(target);
    const inode = existing && this.#inode(existing);
    if (existing === undefined || inode === undefined) {
      throw refusedEntry(path, `a hardlink to ${quoteText(target)}, which is not there`);
    }
    if (inode.isFolder) throw refusedEntry(path, `a hardlink to ${quoteText(target)}, which is a folder`);
    // Finding the new place may move the chain on, so the target's folder is held a second time.
    const fd = openFolder(`${descriptorPath(existing.folder.fd)}/.`);
    try {
      const from = { folder: { ...existing.folder, fd }, name: existing.name };
      const spot = this.#place(path);
      if (spotPath(spot) === spotPath(from)) throw refusedEntry(path, 'a hardlink to itself');
      if (this.#inode(spot)?.id === inode.id) return spotPath(spot);
      if (this.#inode(from)?.isFolder !== false) {
        throw refusedEntry(path, `a hardlink to ${quoteText(target)}, which it replaces`);
      }
      this.#make(spot, (link) => {
        linkSync(spotFile(from), link);
      });
      return spotPath(spot);
    } finally {
      closeSync(fd);
    }
  }

  /** A fifo or device; an empty file where this computer or user cannot make it, which is counted. */
  makeSpecial(entry: SpecialEntry): ImagePath {
    const spot = this.#place(entry.path);
    if (this.#inode(spot) !== undefined) this.#discard(spot);
    if (makeSpecialNode(spot.folder, spot.name, entry)) {
      this.#names?.record(spot);
      this.#metadata.settleSpecialNode(spot, entry);
      return spotPath(spot);
    }
    this.#shortfalls.count('special-files', entry.path);
    const { path, file } = this.makeFile(entry.path, entry);
    file.finish();
    return path;
  }

  /** A whiteout: removes what is at `path` but for what `written` names, the entries of the same layer. */
  remove(path: ImagePath, written: WrittenPaths): void {
    const spot = this.#locate(path);
    if (spot === undefined || this.#inode(spot) === undefined) return;
    const at = spotPath(spot);
    if (!written.has(at)) this.#discard(spot);
    else if (this.#isFolder(spot)) {
      if (!written.owns(at)) this.#folders.imply(spot);
      this.#clear(at, written);
    }
  }

  /** An opaque whiteout: removes what is in the folder at `path` but for what `written` names. */
  removeContent(path: ImagePath, written: WrittenPaths): void {
    this.#idle();
    const search = this.#chain.find(path);
    if (search.found) {
      this.#clear(search.folder.path, written);
      return;
    }
    if (search.obstacle === 'not-a-folder')
      throw refusedEntry(path, 'an opaque whiteout of what is no folder');
  }

  /** Makes the folders of `path` that are not there (0755, 0:0); throws where something else is in their place. */
  ensureFolder(path: ImagePath): void {
    this.#idle();
    this.#chain.find(path, (parent, name, obstacle) => {
      if (obstacle === 'not-a-folder')
        throw refusedEntry(path, 'a folder is needed where something else stands');
      this.#makeParent(parent, name, obstacle);
    });
  }

  /** The bytes of a regular file of at most `limit` bytes; undefined where nothing is there. Follows no last link. */
  readFile(path: ImagePath, limit: number): Uint8Array | undefined {
    const spot = this.#locate(path);
    return spot === undefined ? undefined : readRegularFile(spot, limit);
  }

  /** Gives every folder its own mode, owner and time. Then the tree is done. */
  finish(): void {
    this.#idle();
    this.#folders.settle();
  }

  /** What could not be kept so far. */
  warnings(): Diagnostic[] {
    return this.#shortfalls.warnings();
  }

  close(): void {
    this.#file?.abandon();
    this.#chain.close();
    this.#trash.close();
  }

  #idle(): void {
    this.#file?.finish();
    this.#file = undefined;
  }

  /** Where the entry at `path` is to stand; the folders above it are made. */
  #place(path: ImagePath): Spot {
    this.#idle();
    if (path === '') throw refusedEntry(path, 'the root of an image can only be a folder');
    const search = this.#chain.find(parentPath(path), this.#makeParent);
    return this.#spotIn(search.found ? search.folder : this.#chain.root, path);
  }

  /** Where the entry at `path` would stand; undefined where the folder above it is not there. */
  #locate(path: ImagePath): Spot | undefined {
    this.#idle();
    if (path === '') return { folder: this.#chain.root, name: '.' };
    const search = this.#chain.find(parentPath(path));
    return search.found ? this.#spotIn(search.folder, path) : undefined;
  }

  #spotIn(folder: Spot['folder'], path: ImagePath): Spot {
    const spot = { folder, name: baseName(path) };
    this.#names?.inspect(spot);
    return spot;
  }

  // A file in the place of a folder is replaced, as umoci 0.5 does.
  readonly #makeParent: MakeFolder = (folder, name, obstacle) => {
    const spot = { folder, name };
    if (obstacle === 'not-a-folder') this.#discard(spot);
    this.#make(spot, (target) => mkdirSync(target, 0o700));
    this.#folders.openToUs(spot);
    this.#folders.imply(spot);
  };

  /** Runs `make` until nothing is in its way. */
  #make<T>(spot: Spot, make: (target: string | Buffer) => T): T {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const made = make(spotFile(spot));
        this.#names?.record(spot);
        return made;
      } catch (error) {
        if (errorCode(error) === 'ENAMETOOLONG') {
          throw refusedEntry(spotPath(spot), 'a name is longer than the file system allows');
        }
        if (errorCode(error) !== 'EEXIST' || attempt === maxAttempts) throw error;
        this.#discard(spot);
      }
    }
  }

  #discard(spot: Spot): void {
    this.#chain.forget(spot.folder, spot.name);
    try {
      this.#trash.remove(spotFile(spot));
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }

  #clear(start: ImagePath, written: WrittenPaths): void {
    clearLower({
      chain: this.#chain,
      start,
      written,
      discard: (spot) => {
        this.#discard(spot);
      },
      imply: (spot) => {
        this.#folders.imply(spot);
      },
    });
  }

  #isFolder(spot: Spot): boolean {
    return this.#inode(spot)?.isFolder === true;
  }

  #inode(spot: Spot): { readonly id: string; readonly isFolder: boolean } | undefined {
    try {
      const stats = lstatSync(spotFile(spot), { bigint: true });
      return { id: `${String(stats.dev)}:${String(stats.ino)}`, isFolder: stats.isDirectory() };
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      if (errorCode(error) !== 'ENAMETOOLONG') throw error;
      throw refusedEntry(spotPath(spot), 'a name is longer than the file system allows');
    }
  }
}
