/**
 * Names on a file system that does not tell upper from lower case: two names of an image would be one there, and a link
 * `LINK` would be followed for `link/x`. So wherever a lookup finds something, its exact name must be in the folder.
 */
import { closeSync, constants, lstatSync, openSync, readdirSync, unlinkSync } from 'node:fs';
import { joinPath, type ImagePath, pathFromBytes } from '../../core/tree/image-path.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { errorCode } from '../store/file-problem.ts';
import { BundleError } from './bundle-error.ts';
import { descriptorPath, type HeldFolder, pathBelow } from './held-folder.ts';

/** Whether the file system of an open, private folder takes `layerwright-case` and `LAYERWRIGHT-CASE` for one name. */
export function foldsNames(fd: number): boolean {
  const probe = pathBelow(fd, 'layerwright-case');
  closeSync(openSync(probe, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600));
  const folds = inodeAt(pathBelow(fd, 'LAYERWRIGHT-CASE')) !== undefined;
  unlinkSync(probe);
  return folds;
}

/** Refuses `name` where the folder has something that only the file system takes for it. */
export function requireExactName(folder: HeldFolder, name: string): void {
  const inode = inodeAt(pathBelow(folder.fd, name));
  if (inode === undefined) return;
  const names = readdirSync(descriptorPath(folder.fd), { encoding: 'buffer' }).map((bytes) =>
    pathFromBytes(bytes),
  );
  if (names.includes(name)) return;
  const other = names.find((candidate) => inodeAt(pathBelow(folder.fd, candidate)) === inode) ?? name;
  throw new BundleError(
    'bundle/names-collide',
    `${quoteText(joinPath(folder.path, name as ImagePath))} and ${quoteText(joinPath(folder.path, other as ImagePath))} are one name on this file system`,
    { help: 'unpack on a file system that tells upper from lower case' },
  );
}

function inodeAt(path: string | Buffer): bigint | undefined {
  try {
    return lstatSync(path, { bigint: true }).ino;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
