/** Paths of the context on this computer: names are bytes, so a path that is no UTF-8 is given to Node as a Buffer. */
import { readdirSync, readlinkSync } from 'node:fs';
import { pathFromBytes, pathToBytes } from '../../core/tree/image-path.ts';

/** What Node's fs functions take for a folder and a path below it; '' is the folder itself. */
export function systemPath(folder: string, path: string): string | Buffer {
  const joined = path === '' ? folder : `${folder}/${path}`;
  return joined.isWellFormed() ? joined : Buffer.from(pathToBytes(joined));
}

/** The names in a folder, in no promised order; bytes that are no UTF-8 are escaped as in an image path. */
export function namesIn(folder: string | Buffer): string[] {
  const names = readdirSync(folder);
  // Node puts U+FFFD where a name is no UTF-8; only then are the bytes asked for.
  if (!names.some((name) => name.includes('\ufffd'))) return names;
  return readdirSync(folder, { encoding: 'buffer' }).map((bytes) => pathFromBytes(bytes));
}

/** Where a link points, word for word. */
export function linkTarget(path: string | Buffer): string {
  return pathFromBytes(readlinkSync(path, { encoding: 'buffer' }));
}
