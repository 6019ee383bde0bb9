/** Reads a small regular file of the tree, such as etc/passwd: no link, no device that acts when opened, no endless one. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { errorCode } from '../store/file-problem.ts';
import { BundleError } from './bundle-error.ts';
import { descriptorPath, type Spot, spotFile, spotPath, withNode } from './held-folder.ts';

/** All bytes; undefined where nothing is there. Throws BundleError `bundle/unreadable-user-file`. */
export function readRegularFile(spot: Spot, limit: number): Uint8Array | undefined {
  try {
    return withNode(spotFile(spot), (node) => {
      const { size } = requireRegular(spot, node, limit);
      // The node itself is opened, by its descriptor: nobody can have put another in its place.
      return readDescriptor(openSync(descriptorPath(node), constants.O_RDONLY | constants.O_NONBLOCK), size);
    });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function requireRegular(spot: Spot, node: number, limit: number): { readonly size: number } {
  const stats = fstatSync(node);
  if (!stats.isFile()) throw unreadable(spot, 'it is no regular file');
  if (stats.size > limit) throw unreadable(spot, `it has more than ${String(limit)} bytes`);
  return stats;
}

function readDescriptor(fd: number, size: number): Uint8Array {
  try {
    const bytes = new Uint8Array(size);
    let done = 0;
    for (let read = -1; read !== 0 && done < size; done += read)
      read = readSync(fd, bytes, done, size - done, null);
    return bytes.subarray(0, done);
  } finally {
    closeSync(fd);
  }
}

function unreadable(spot: Spot, found: string): BundleError {
  return new BundleError(
    'bundle/unreadable-user-file',
    `${quoteText(spotPath(spot))} of the image is not read: ${found}`,
    { help: 'give `user` as numbers in the recipe, or repair the image' },
  );
}
