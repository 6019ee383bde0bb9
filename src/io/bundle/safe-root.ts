/**
 * The only code that touches an unpack tree. Paths are those of the image: links on the way are followed inside the
 * root, the last component never is, what stands in the way is replaced and not written through. Folders are open to us
 * alone while the tree is made; `finish` gives them their own modes and times, deepest first.
 *
 * Every method that makes something gives the path where it stands, without links (`bin/x` on a usr-merged image is
 * `usr/bin/x`). Refused entries throw BundleError `bundle/refused-entry`; what the system refuses is thrown as it is,
 * for applyLayer to say which entry it was.
 */
import { closeSync, constants, linkSync, openSync, symlinkSync } from 'node:fs';
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { limitHelp } from '../../core/tar/layer-error.ts';
import type { IdMapOption } from '../../core/oci/runtime-options.ts';
import type { Metadata } from '../../core/tree/file-tree.ts';
import { type ImagePath, pathToBytes, rootPath } from '../../core/tree/image-path.ts';
import { BundleError, refusedEntry } from './bundle-error.ts';
import { ExtendedAttributes } from './extended-attributes.ts';
import { FolderRecords } from './folder-records.ts';
import { descriptorPath, openFolder, type Spot, spotFile, spotPath } from './held-folder.ts';
import { clearLower, type WrittenPaths } from './lower-content.ts';
import { NewNodes } from './new-nodes.ts';
import { NodeMetadata } from './node-metadata.ts';
import { OpenFile } from './open-file.ts';
import { readRegularFile } from './read-regular-file.ts';
import { Shortfalls } from './shortfalls.ts';
import { makeSpecialNode, type SpecialEntry } from './special-node.ts';
import { Spots } from './spots.ts';

const newFile = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW;
/** Each is made by a process of its own; honest images have a few dozen. */
const defaultMaxSpecialFiles = 4096;

export interface RootRequest {
  /** Becomes the root. */
  readonly directory: string;
  /** An empty, private folder of ours on the same file system. */
  readonly spare: string;
  /** Fifos and devices; default 4096. */
  readonly maxSpecialFiles?: number;
  /** Shifts owners to the ids that they have outside of a user namespace. */
  readonly idmap?: IdMapOption;
}

export class SafeRoot {
  readonly #spots: Spots;
  readonly #folders: FolderRecords;
  readonly #metadata: NodeMetadata;
  readonly #shortfalls = new Shortfalls();
  readonly #maxSpecialFiles: number;
  #specialFiles = 0;
  #file: OpenFile | undefined;

  private constructor(
    { directory, maxSpecialFiles, idmap }: RootRequest,
    spareFd: number,
    attributes: ExtendedAttributes,
  ) {
    this.#maxSpecialFiles = maxSpecialFiles ?? defaultMaxSpecialFiles;
    const rootFd = openFolder(directory);
    const newNodes = new NewNodes(attributes, rootFd, spareFd);
    const onImplied = (spot: Spot): void => {
      this.#folders.imply(spot);
    };
    this.#spots = new Spots({ rootFd, spareFd, newNodes, onImplied });
    this.#metadata = new NodeMetadata(attributes, newNodes, { shortfalls: this.#shortfalls, idmap });
    this.#folders = new FolderRecords(this.#spots.chain, this.#metadata);
  }

  /**
   * Neither folder may be a link. Throws BundleError `bundle/needs-linux` elsewhere than on Linux.
   */
  static async open(request: RootRequest): Promise<SafeRoot> {
    if (process.platform !== 'linux') {
      throw new BundleError('bundle/needs-linux', `an image cannot be unpacked on ${process.platform}`, {
        help: 'deliver it as oci:, oci-archive: or docker-archive: instead, or unpack it on Linux',
      });
    }
    const spareFd = openFolder(request.spare);
    return new SafeRoot(request, spareFd, await ExtendedAttributes.load(spareFd));
  }

  /** An empty file that is then written to; its metadata is set when it is finished. */
  makeFile(path: ImagePath, metadata: Metadata): { readonly path: ImagePath; readonly file: OpenFile } {
    const spot = this.#place(path);
    const mode = this.#metadata.fileMode(metadata);
    const fd = this.#spots.make(spot, (target) => openSync(target, newFile, mode));
    this.#file = new OpenFile(fd, (open) => {
      this.#metadata.settleFile(open, spot, metadata);
    });
    return { path: spotPath(spot), file: this.#file };
  }

  /** A folder; one that is there keeps its content and gets the new metadata. */
  makeFolder(path: ImagePath, metadata: Metadata): ImagePath {
    if (path === '') {
      this.#idle();
      this.#folders.own({ folder: this.#spots.chain.root, name: '.' }, metadata);
      return rootPath;
    }
    const spot = this.#place(path);
    this.#spots.makeFolder(spot);
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
    this.#spots.make(spot, (link) => symlinkSync(bytes, link));
    this.#metadata.settleLink(spot, metadata);
    return spotPath(spot);
  }

  /** Another name of an entry that is there and is no folder. It has that entry's metadata, whatever the tar says. */
  makeHardlink(path: ImagePath, target: ImagePath): ImagePath {
    const existing = this.#locate(target);
    const inode = existing && this.#spots.look(existing);
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
      if (this.#spots.look(spot)?.id === inode.id) return spotPath(spot);
      if (this.#spots.look(from)?.isFolder !== false) {
        throw refusedEntry(path, `a hardlink to ${quoteText(target)}, which it replaces`);
      }
      this.#spots.make(spot, (link) => {
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
    this.#countSpecial(entry.path);
    if (this.#spots.look(spot) !== undefined) this.#spots.discard(spot);
    if (makeSpecialNode(spot.folder, spot.name, entry)) {
      this.#spots.record(spot);
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
    if (spot === undefined || this.#spots.look(spot) === undefined) return;
    const at = spotPath(spot);
    if (!written.has(at)) this.#spots.discard(spot);
    else if (this.#spots.isFolder(spot)) {
      if (!written.owns(at)) this.#folders.imply(spot);
      this.#clear(at, written);
    }
  }

  /** An opaque whiteout: removes what is in the folder at `path` but for what `written` names. */
  removeContent(path: ImagePath, written: WrittenPaths): void {
    this.#idle();
    const search = this.#spots.chain.find(path);
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
    this.#spots.chain.find(path, (parent, name, obstacle) => {
      if (obstacle === 'not-a-folder')
        throw refusedEntry(path, 'a folder is needed where something else stands');
      this.#spots.makeParent(parent, name, obstacle);
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
    this.#spots.close();
  }

  #idle(): void {
    this.#file?.finish();
    this.#file = undefined;
  }

  #countSpecial(path: ImagePath): void {
    this.#specialFiles += 1;
    if (this.#specialFiles <= this.#maxSpecialFiles) return;
    throw new BundleError(
      'bundle/too-many-special-files',
      `entry ${quoteText(path)}: one more than the ${String(this.#maxSpecialFiles)} fifos and devices that an image may have`,
      { help: limitHelp('maxSpecialFiles', this.#maxSpecialFiles) },
    );
  }

  #place(path: ImagePath): Spot {
    this.#idle();
    return this.#spots.place(path);
  }

  #locate(path: ImagePath): Spot | undefined {
    this.#idle();
    return this.#spots.locate(path);
  }

  #clear(start: ImagePath, written: WrittenPaths): void {
    clearLower({
      chain: this.#spots.chain,
      start,
      written,
      discard: (spot) => {
        this.#spots.discard(spot);
      },
      imply: (spot) => {
        this.#folders.imply(spot);
      },
    });
  }
}
