/**
 * Removes folders of any depth and any modes without recursion: the folders in a folder are first moved up beside it,
 * so that two descriptors are enough. Nothing is followed; a link is removed as a link.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, readdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { pathFromBytes } from '../../core/tree/image-path.ts';
import { errorCode } from '../store/file-problem.ts';
import { descriptorPath, openFolder, pathBelow } from './held-folder.ts';

/**
 * Removes a folder of ours with all that is in it. Never throws: what cannot be removed now (files that a container made
 * as another user, say) is left.
 */
export function removeFolder(path: string): void {
  try {
    const trash = new TrashFolder(openFolder(path));
    try {
      trash.removeContent();
    } finally {
      trash.close();
    }
    rmdirSync(path);
  } catch {
    // Said above.
  }
}

/** A private folder on the file system of the tree, where what is being removed stands meanwhile. */
export class TrashFolder {
  readonly #fd: number;
  /** What an interrupted removal left here keeps its names. */
  readonly #prefix = `trash-${randomBytes(6).toString('hex')}`;
  #count = 0;

  /** Takes over the descriptor. */
  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Removes what stands at `path`, whatever it is. Throws what the system says (ENOENT where nothing is there). */
  remove(path: string | Buffer): void {
    try {
      unlinkSync(path);
    } catch (error) {
      if (!isFolderError(error)) throw error;
      this.#empty([this.#takeIn(path)]);
    }
  }

  /** Removes all that stands in this folder itself. */
  removeContent(): void {
    this.#empty(this.#clear(`${descriptorPath(this.#fd)}/.`));
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Moves a folder here and gives its name here. */
  #takeIn(path: string | Buffer): string {
    this.#count += 1;
    const name = `${this.#prefix}-${String(this.#count)}`;
    const target = pathBelow(this.#fd, name);
    try {
      renameSync(path, target);
    } catch (error) {
      // A folder that its owner may not write to cannot get another parent.
      if (errorCode(error) !== 'EACCES') throw error;
      makeWritable(path);
      renameSync(path, target);
    }
    return name;
  }

  #empty(first: readonly string[]): void {
    const waiting = [...first];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const path = pathBelow(this.#fd, name);
      makeWritable(path);
      waiting.push(...this.#clear(path));
      rmdirSync(path);
    }
  }

  /** Removes all that is in a folder but the folders, which are moved here; gives their names. */
  #clear(path: string | Buffer): string[] {
    const fd = openFolder(path);
    try {
      const folders: string[] = [];
      for (const bytes of readdirSync(descriptorPath(fd), { encoding: 'buffer' })) {
        const child = pathBelow(fd, pathFromBytes(bytes));
        try {
          unlinkSync(child);
        } catch (error) {
          if (!isFolderError(error)) throw error;
          folders.push(this.#takeIn(child));
        }
      }
      return folders;
    } finally {
      closeSync(fd);
    }
  }
}

// unlink(2): EISDIR on Linux, EPERM by POSIX.
function isFolderError(error: unknown): boolean {
  return errorCode(error) === 'EISDIR';
}

function makeWritable(path: string | Buffer): void {
  const fd = openFolder(path);
  try {
    chmodSync(descriptorPath(fd), 0o700);
  } finally {
    closeSync(fd);
  }
}
