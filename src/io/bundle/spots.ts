/**
 * Where entries of a tree stand: finds their place, makes room there, and makes the folders on the way. All by names
 * below held folders, so nothing here follows a link that was not resolved inside the root.
 */
import { chmodSync, closeSync, lstatSync, mkdirSync } from 'node:fs';
import { baseName, type ImagePath, parentPath } from '../../core/tree/image-path.ts';
import { errorCode } from '../store/file-problem.ts';
import { refusedEntry } from './bundle-error.ts';
import { ExactNames, foldsNames } from './exact-name.ts';
import { FolderChain, type MakeFolder } from './folder-chain.ts';
import { descriptorPath, type HeldFolder, openFolder, type Spot, spotFile, spotPath } from './held-folder.ts';
import type { NewNodes } from './new-nodes.ts';
import { TrashFolder } from './remove-tree.ts';

export interface NodeFacts {
  /** The same for two names of one thing. */
  readonly id: string;
  readonly isFolder: boolean;
}

export interface SpotsParts {
  readonly rootFd: number;
  readonly spareFd: number;
  readonly newNodes: NewNodes;
  /** Told of folders that were made only since something stands in them. */
  readonly onImplied: (spot: Spot) => void;
}

/** Others who write to the tree may put names back as fast as they are removed. */
const maxAttempts = 8;
const privateMode = 0o700;

export class Spots {
  readonly chain: FolderChain;
  readonly #names: ExactNames | undefined;
  readonly #trash: TrashFolder;
  readonly #newNodes: NewNodes;
  readonly #onImplied: (spot: Spot) => void;

  /** Takes over the descriptors. */
  constructor({ rootFd, spareFd, newNodes, onImplied }: SpotsParts) {
    this.#names = foldsNames(spareFd) ? new ExactNames() : undefined;
    this.chain = new FolderChain(rootFd, (spot) => this.#names?.inspect(spot));
    this.#trash = new TrashFolder(spareFd);
    this.#newNodes = newNodes;
    this.#onImplied = onImplied;
  }

  /** Where the entry at `path` is to stand; the folders above it are made. */
  place(path: ImagePath): Spot {
    if (path === '') throw refusedEntry(path, 'the root of an image can only be a folder');
    const search = this.chain.find(parentPath(path), this.makeParent);
    return this.#spotIn(search.found ? search.folder : this.chain.root, path);
  }

  /** Where the entry at `path` would stand; undefined where the folder above it is not there. */
  locate(path: ImagePath): Spot | undefined {
    if (path === '') return { folder: this.chain.root, name: '.' };
    const search = this.chain.find(parentPath(path));
    return search.found ? this.#spotIn(search.folder, path) : undefined;
  }

  // A file in the place of a folder is replaced, as umoci 0.5 does.
  readonly makeParent: MakeFolder = (folder, name, obstacle) => {
    const spot = { folder, name };
    if (obstacle === 'not-a-folder') this.discard(spot);
    this.makeFolder(spot);
    this.#onImplied(spot);
  };

  /** A folder, open to us alone whatever the umask is. One that is there stays as it is. */
  makeFolder(spot: Spot): void {
    const isNew = this.make(spot, (target) => this.#tryFolder(spot, target));
    if (!isNew || this.#newNodes.haveMode(privateMode)) return;
    const fd = openFolder(spotFile(spot));
    try {
      chmodSync(descriptorPath(fd), privateMode);
    } finally {
      closeSync(fd);
    }
  }

  /** False where a folder is there. */
  #tryFolder(spot: Spot, target: string | Buffer): boolean {
    try {
      mkdirSync(target, privateMode);
      return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST' && this.isFolder(spot)) return false;
      throw error;
    }
  }

  /** Runs `make` until nothing is in its way. */
  make<T>(spot: Spot, make: (target: string | Buffer) => T): T {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const made = make(spotFile(spot));
        this.record(spot);
        return made;
      } catch (error) {
        if (errorCode(error) === 'ENAMETOOLONG') throw tooLong(spot);
        if (errorCode(error) !== 'EEXIST' || attempt === maxAttempts) throw error;
        this.discard(spot);
      }
    }
  }

  /** Something was made at the spot by other means than `make`. */
  record(spot: Spot): void {
    this.#names?.record(spot);
  }

  /** Removes what stands there, whatever it is, if anything. */
  discard(spot: Spot): void {
    this.chain.forget(spot.folder, spot.name);
    try {
      this.#trash.remove(spotFile(spot));
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }

  /** What stands there; undefined where nothing does. */
  look(spot: Spot): NodeFacts | undefined {
    try {
      const stats = lstatSync(spotFile(spot), { bigint: true });
      return { id: `${String(stats.dev)}:${String(stats.ino)}`, isFolder: stats.isDirectory() };
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw errorCode(error) === 'ENAMETOOLONG' ? tooLong(spot) : error;
    }
  }

  isFolder(spot: Spot): boolean {
    return this.look(spot)?.isFolder === true;
  }

  close(): void {
    this.chain.close();
    this.#trash.close();
  }

  #spotIn(folder: HeldFolder, path: ImagePath): Spot {
    const spot = { folder, name: baseName(path) };
    this.#names?.inspect(spot);
    return spot;
  }
}

function tooLong(spot: Spot): Error {
  return refusedEntry(spotPath(spot), 'a name is longer than the file system allows');
}
