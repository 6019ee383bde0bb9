/** One entry of an image, looked up in a root file system. Nothing is followed: folders come before what is in them. */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  type Stats,
} from 'node:fs';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { algorithmOf, type Digest } from '../../core/digest/digest.ts';
import type { FileEntry, TreeEntry } from '../../core/tree/file-tree.ts';
import { pathFromBytes, pathToBytes } from '../../core/tree/image-path.ts';
import { isWhiteout } from '../../core/tree/whiteout-entry.ts';
import { createHasher } from '../store/native-hasher.ts';
import { VerifyError } from './verify-error.ts';

/** Throws VerifyError `verify/bundle-changed` where the entry is not there as the image has it. */
export function requireEntry(rootfs: string, entry: TreeEntry): void {
  if (isWhiteout(entry)) return;
  // Only root makes devices and fifos of every kind; a bundle without them has been warned of.
  if (!['file', 'directory', 'symlink', 'hardlink'].includes(entry.type)) return;
  const path = Buffer.concat([Buffer.from(`${rootfs}/`), pathToBytes(entry.path)]);
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw changed(entry, 'is not there');
  if (!isOfType(entry, stats)) throw changed(entry, `is no ${entry.type}`);
  if (entry.type === 'symlink') {
    const target = pathFromBytes(readlinkSync(path, { encoding: 'buffer' }));
    if (target !== entry.target)
      throw changed(entry, `links to ${quoteText(target)}, not ${quoteText(entry.target)}`);
    return;
  }
  if (entry.type === 'hardlink') return;
  if ((stats.mode & 0o777) !== (entry.mode & 0o777))
    throw changed(entry, `has the mode ${modeText(stats.mode)}, not ${modeText(entry.mode)}`);
  if (entry.type === 'file') requireContent(path, entry);
}

function isOfType({ type }: TreeEntry, stats: Stats): boolean {
  if (type === 'directory') return stats.isDirectory();
  return type === 'symlink' ? stats.isSymbolicLink() : stats.isFile();
}

function modeText(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}

function requireContent(path: Buffer, entry: FileEntry): void {
  const { digest, size } = entry;
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const found = fstatSync(file).size;
    if (found !== size) throw changed(entry, `has ${found} bytes, not ${size}`);
    if (digestOfFile(file, digest) !== digest) throw changed(entry, 'has another content');
  } finally {
    closeSync(file);
  }
}

const bufferBytes = 256 * 1024;

function digestOfFile(file: number, like: Digest): Digest {
  const hasher = createHasher(algorithmOf(like));
  const buffer = new Uint8Array(bufferBytes);
  for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
    hasher.update(buffer.subarray(0, read));
  }
  return hasher.digest();
}

function changed({ path }: TreeEntry, found: string): VerifyError {
  return new VerifyError(
    'verify/bundle-changed',
    `in the bundle, ${quoteText(path === '' ? '.' : path)} ${found}`,
    {
      help: 'make the bundle again, or keep what was changed in the recipe',
    },
  );
}
