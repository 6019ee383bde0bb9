/**
 * The merged usr of a Debian root (base-files 13, usrmerge): what packages put into /bin, /sbin and /lib* lies in the
 * folder of the same name below /usr, and a link stands in its place. Every root has the first three links, the others
 * those that put something there. Targets of symlinks stay as they are written.
 */
import type { SymlinkEntry } from '../tree/file-tree.ts';
import type { Inode, InodeTable } from '../tree/inodes.ts';
import type { ImagePath } from '../tree/image-path.ts';

const always = ['bin', 'sbin', 'lib'];
const merged = new Set([...always, 'lib32', 'lib64', 'libo32', 'libx32']);

/** Where a path of a package lies in the merged root; a link that a package itself brings for it stays. */
export function mergedPath(path: ImagePath, { entry }: Inode): ImagePath {
  const [top = ''] = path.split('/', 1);
  if (!merged.has(top) || (path === top && entry.type === 'symlink')) return path;
  return `usr/${path}` as ImagePath;
}

/** The links for a root in which these folders lie below usr already. */
export function usrLinks(table: InodeTable): Map<ImagePath, Inode> {
  const names = [...merged].filter((name) => always.includes(name) || table.has(`usr/${name}` as ImagePath));
  return new Map(names.map((name) => [name as ImagePath, { entry: linkTo(name), content: undefined }]));
}

function linkTo(name: string): SymlinkEntry {
  const metadata = { mode: 0o777, uid: 0, gid: 0, mtime: { seconds: 0 } };
  return { type: 'symlink', path: name as ImagePath, target: `usr/${name}`, ...metadata };
}
