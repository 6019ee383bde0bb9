/**
 * Names below a folder that is held open: `/proc/self/fd/N/name` is to plain Node what openat(2) is to C. The folder is
 * the one that was opened, wherever it has been moved to since, and with O_NOFOLLOW the name is never followed.
 */
import { closeSync, constants, openSync } from 'node:fs';
import { type ImagePath, joinPath, pathToBytes } from '../../core/tree/image-path.ts';

/** A folder of the tree, open: `path` is where it stands, without any link on the way. */
export interface HeldFolder {
  readonly fd: number;
  readonly path: ImagePath;
  /** The last component of `path`. */
  readonly name: string;
}

/** Where an entry stands, or is to stand. The name `.` is the folder itself. */
export interface Spot {
  readonly folder: HeldFolder;
  readonly name: string;
}

/** The path in the image. */
export function spotPath({ folder, name }: Spot): ImagePath {
  return name === '.' ? folder.path : joinPath(folder.path, name as ImagePath);
}

/** The path for system calls. */
export function spotFile({ folder, name }: Spot): string | Buffer {
  return pathBelow(folder.fd, name);
}

// open(2): O_PATH asks for no permission on the folder itself; Node's constants lack it. The same on every Linux
// architecture that Node runs on.
const pathOnly = 0x200000;

/** Opens the folder itself, never what a link at `path` points to: then ENOTDIR or ELOOP is thrown. */
export function openFolder(path: string | Buffer): number {
  return openSync(path, pathOnly | constants.O_DIRECTORY | constants.O_NOFOLLOW);
}

/** Runs `use` with a descriptor of whatever stands at `path`, a link too, without opening its content. */
export function withNode<T>(path: string | Buffer, use: (fd: number) => T): T {
  const fd = openSync(path, pathOnly | constants.O_NOFOLLOW);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

/** The path of what an open descriptor stands for. */
export function descriptorPath(fd: number): string {
  return `/proc/self/fd/${String(fd)}`;
}

/** The path of one name below an open folder; the name's bytes are kept, whatever they are. */
export function pathBelow(fd: number, name: string): string | Buffer {
  const prefix = `/proc/self/fd/${String(fd)}/`;
  if (name.isWellFormed()) return prefix + name;
  return Buffer.concat([Buffer.from(prefix), pathToBytes(name)]);
}
