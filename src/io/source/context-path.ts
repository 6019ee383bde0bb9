/** Paths of the context on this computer: names are bytes, so a path that is no UTF-8 is given to Node as a Buffer. */
import { type Dirent, readdirSync, readlinkSync } from 'node:fs';
import { comparePaths, pathFromBytes, pathToBytes } from '../../core/tree/image-path.ts';

/** What Node's fs functions take for a folder and a path below it; '' is the folder itself. */
export function systemPath(folder: string, path: string): string | Buffer {
  const joined = path === '' ? folder : `${folder}/${path}`;
  return joined.isWellFormed() ? joined : Buffer.from(pathToBytes(joined));
}

/** The names in a folder, in no promised order; bytes that are no UTF-8 are escaped as in an image path. */
export function namesIn(folder: string | Buffer): string[] {
  const names = readdirSync(folder);
  return names.some(mayBeEscaped) ? entriesIn(folder).map(({ name }) => name) : names;
}

/** What stands under a name, as far as the folder says: `other` is a FIFO, a socket or a device. */
export type NodeKind = 'file' | 'directory' | 'symlink' | 'other';

export interface NamedEntry {
  readonly name: string;
  readonly kind: NodeKind;
}

/**
 * The names in a folder with what they are, in the order of their bytes. Where a file system gives no kinds, Node asks
 * for each of them (lstat), so the answer is the same everywhere.
 */
export function entriesIn(folder: string | Buffer): NamedEntry[] {
  const found = readdirSync(folder, { withFileTypes: true });
  const entries = found.some(({ name }) => mayBeEscaped(name))
    ? readdirSync(folder, { withFileTypes: true, encoding: 'buffer' }).map((entry) => ({
        name: pathFromBytes(entry.name),
        kind: kindOf(entry),
      }))
    : found.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
  return entries.sort((a, b) => comparePaths(a.name, b.name));
}

/** Node puts U+FFFD where a name is no UTF-8; only then are the bytes asked for. */
function mayBeEscaped(name: string): boolean {
  return name.includes('\ufffd');
}

type Kinds = Pick<Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink'>;

function kindOf(entry: Kinds): NodeKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'symlink' : 'other';
}

/** Where a link points, word for word. */
export function linkTarget(path: string | Buffer): string {
  return pathFromBytes(readlinkSync(path, { encoding: 'buffer' }));
}
