/**
 * Names on a file system that does not tell upper from lower case: two names of an image would be one there, and a link
 * `LINK` would be followed for `link/x`. Some such file systems do not even keep a name as it was given. So what a
 * lookup finds must be what was made under exactly that name.
 */
import { closeSync, constants, lstatSync, openSync, unlinkSync } from 'node:fs';
import type { ImagePath } from '../../core/tree/image-path.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { errorCode } from '../store/file-problem.ts';
import { BundleError } from './bundle-error.ts';
import { pathBelow, type Spot, spotFile, spotPath } from './held-folder.ts';

/** Whether the file system of an open, private folder takes `layerwright-case` and `LAYERWRIGHT-CASE` for one name. */
export function foldsNames(fd: number): boolean {
  const probe = pathBelow(fd, 'layerwright-case');
  closeSync(openSync(probe, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600));
  const folds = inodeAt(pathBelow(fd, 'LAYERWRIGHT-CASE')) !== undefined;
  unlinkSync(probe);
  return folds;
}

/** What was made under which name; kept only where the file system folds names. */
export class ExactNames {
  readonly #inodes = new Map<ImagePath, bigint>();

  /** Something was made at the spot. */
  record(spot: Spot): void {
    const inode = inodeAt(spotFile(spot));
    if (inode !== undefined) this.#inodes.set(spotPath(spot), inode);
  }

  /** Throws BundleError `bundle/names-collide` where the name finds what was made under another. */
  inspect(spot: Spot): void {
    const inode = inodeAt(spotFile(spot));
    if (inode === undefined || this.#inodes.get(spotPath(spot)) === inode) return;
    throw new BundleError(
      'bundle/names-collide',
      `${quoteText(spotPath(spot))} and ${quoteText(this.#madeAs(inode))} are one name on this file system`,
      { help: 'unpack on a file system that tells upper from lower case' },
    );
  }

  #madeAs(inode: bigint): string {
    return [...this.#inodes].findLast(([, made]) => made === inode)?.[0] ?? 'another name';
  }
}

function inodeAt(path: string | Buffer): bigint | undefined {
  try {
    return lstatSync(path, { bigint: true }).ino;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
