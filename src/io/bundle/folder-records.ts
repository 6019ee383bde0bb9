/**
 * The metadata that folders are to have in the end. While a tree is made its folders are open to us alone (0700), so
 * that an ordinary user can fill one of mode 000; every folder of the tree is recorded here when it is made.
 */
import type { Metadata } from '../../core/tree/file-tree.ts';
import { comparePaths, type ImagePath, parentPath, rootPath } from '../../core/tree/image-path.ts';
import type { FolderChain } from './folder-chain.ts';
import { isSurelyKept } from './fine-times.ts';
import { type HeldFolder, type Spot, spotPath } from './held-folder.ts';
import type { NodeMetadata } from './node-metadata.ts';

/** What a folder has that no layer says anything of (recipe.md: folders above a path). */
const implied: Metadata = { mode: 0o755, uid: 0, gid: 0, mtime: { seconds: 0 } };

export class FolderRecords {
  readonly #chain: FolderChain;
  readonly #metadata: NodeMetadata;
  readonly #wanted = new Map<ImagePath, Metadata>([[rootPath, implied]]);

  constructor(chain: FolderChain, metadata: NodeMetadata) {
    this.#chain = chain;
    this.#metadata = metadata;
  }

  /** A layer says what the folder is to have; attributes are set at once. */
  own(spot: Spot, metadata: Metadata): void {
    const { mode, uid, gid, mtime, xattrs } = metadata;
    this.#wanted.set(spotPath(spot), { mode, uid, gid, mtime });
    this.#metadata.replaceAttributes(spot, xattrs ?? {});
  }

  /** A folder that stands only since something stands in it. */
  imply(spot: Spot): void {
    this.own(spot, implied);
  }

  /** Deepest first, since a folder may shut us out, and changes its time when something in it changes. */
  settle(): void {
    const paths = [...this.#wanted.keys()].sort((a, b) => comparePaths(b, a));
    for (const path of paths) {
      const wanted = this.#wanted.get(path);
      const folder = this.#folderAt(path);
      if (wanted !== undefined && folder !== undefined) this.#settleOne(folder, wanted);
    }
  }

  #settleOne(folder: HeldFolder, wanted: Metadata): void {
    this.#metadata.settleFolder(folder, wanted);
    if (folder.path === '') {
      this.#metadata.settleRootTime(folder, wanted.mtime);
      return;
    }
    if (isSurelyKept(wanted.mtime)) return;
    const parent = this.#folderAt(parentPath(folder.path));
    if (parent !== undefined) this.#metadata.noteTime({ folder: parent, name: folder.name }, wanted.mtime);
  }

  /** Undefined where the folder was removed, or replaced by something else, since it was recorded. */
  #folderAt(path: ImagePath): HeldFolder | undefined {
    const search = this.#chain.find(path);
    return search.found && search.folder.path === path ? search.folder : undefined;
  }
}
