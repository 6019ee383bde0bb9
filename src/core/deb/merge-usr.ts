/**
 * The merged /usr (Debian since 12): /bin, /sbin, /lib and the like are links to the folders of /usr, and what packages
 * still ship there stands in /usr. dpkg gets there through the links; a tree that is made at once is made so.
 */
import type { Inode, InodeTable } from '../tree/inodes.ts';
import type { ImagePath } from '../tree/image-path.ts';

const always = ['bin', 'lib', 'sbin'];
/** Folders of other word sizes: links for those that packages use. */
const whereUsed = ['lib32', 'lib64', 'libo32', 'libx32'];
const merged = new Set([...always, ...whereUsed]);

/** Where an entry of a package comes to stand. A package that ships the link itself, as base-files now does, keeps it. */
export function mergedPath(path: ImagePath, { entry }: Inode): ImagePath {
  const slash = path.indexOf('/');
  const top = slash < 0 ? path : path.slice(0, slash);
  if (!merged.has(top)) return path;
  const isLink = entry.type === 'symlink' && slash < 0 && /^\/?usr\//.test(entry.target);
  return isLink ? path : (`usr/${path}` as ImagePath);
}

/** Links for the folders that have moved; `moved` are the paths of everything before it was. */
export function addMergedLinks(table: InodeTable, moved: Iterable<ImagePath>): void {
  const used = new Set([...moved].map((path) => path.split('/', 1)[0]));
  const tops = [...always, ...whereUsed.filter((top) => used.has(top))];
  for (const top of tops) {
    if (table.has(top as ImagePath)) continue;
    table.set(top as ImagePath, { entry: linkTo(top), content: undefined });
  }
}

function linkTo(top: string) {
  return {
    type: 'symlink',
    path: top as ImagePath,
    target: `usr/${top}`,
    mode: 0o777,
    uid: 0,
    gid: 0,
    mtime: { seconds: 0 },
  } as const;
}
