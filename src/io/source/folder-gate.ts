/**
 * Opens files below a folder so that nothing on the way is ever a link: not the file, and not a folder that was swapped
 * for a link after it was looked at. On Linux each folder is opened by its name below the one above it, through
 * `/proc/self/fd/N` (safety.md, Unpack); elsewhere every folder is looked at before it is first used.
 */
import { closeSync, constants, existsSync, lstatSync, openSync } from 'node:fs';
import { baseName, foldersAbove, type ImagePath, parentPath } from '../../core/tree/image-path.ts';
import { systemPath } from './context-path.ts';

/** The one way to the bytes of a context. Holds at most two descriptors; `close` gives them back. */
export interface FolderGate {
  /**
   * Opens a file for reading, without waiting for a FIFO's writer, and without following a link. Throws the system's
   * error; the caller closes the descriptor.
   */
  open(path: ImagePath): number;
  close(): void;
}

const readFile = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** `root` is absolute and real. */
export function createFolderGate(root: string): FolderGate {
  return existsSync('/proc/self/fd') ? heldFolders(root) : checkedFolders(root);
}

// open(2): O_PATH asks for no permission but to pass; Node's constants lack it. The same on every architecture.
const passThrough = 0x200000 | constants.O_DIRECTORY | constants.O_NOFOLLOW;

function heldFolders(root: string): FolderGate {
  let rootFd: number | undefined;
  let held: { readonly folder: ImagePath; readonly fd: number } | undefined;
  const release = (): void => {
    if (held !== undefined && held.fd !== rootFd) closeSync(held.fd);
    held = undefined;
  };
  const hold = (folder: ImagePath): number => {
    if (held?.folder === folder) return held.fd;
    release();
    rootFd ??= openSync(root, passThrough);
    const fd = descend(rootFd, folder);
    held = { folder, fd };
    return fd;
  };
  return {
    open: (path) => openSync(below(hold(parentPath(path)), baseName(path)), readFile),
    close: () => {
      release();
      if (rootFd !== undefined) closeSync(rootFd);
      rootFd = undefined;
    },
  };
}

function descend(rootFd: number, folder: ImagePath): number {
  let fd = rootFd;
  for (const name of folder === '' ? [] : folder.split('/')) {
    try {
      const next = openSync(below(fd, name), passThrough);
      if (fd !== rootFd) closeSync(fd);
      fd = next;
    } catch (error) {
      if (fd !== rootFd) closeSync(fd);
      throw error;
    }
  }
  return fd;
}

function below(fd: number, name: string): string | Buffer {
  return systemPath(`/proc/self/fd/${String(fd)}`, name);
}

function checkedFolders(root: string): FolderGate {
  const checked = new Set<ImagePath>();
  return {
    open: (path) => {
      for (const folder of foldersAbove(path)) {
        if (!checked.has(folder)) requireFolder(root, folder);
        checked.add(folder);
      }
      return openSync(systemPath(root, path), readFile);
    },
    close: () => {
      checked.clear();
    },
  };
}

function requireFolder(root: string, folder: ImagePath): void {
  if (lstatSync(systemPath(root, folder)).isDirectory()) return;
  throw Object.assign(new Error(`ENOTDIR: not a directory, open '${folder}'`), { code: 'ENOTDIR' });
}
