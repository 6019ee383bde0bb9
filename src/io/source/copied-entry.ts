/** What `copy` makes of a name: owner 0:0, git's modes, mtime 0, so that the same files make the same tree everywhere. */
import type { Digest } from '../../core/digest/digest.ts';
import type { DirectoryEntry, FileEntry, Metadata, SymlinkEntry } from '../../core/tree/file-tree.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import type { FileStats } from './stat-rows.ts';

const plain = { uid: 0, gid: 0, mtime: { seconds: 0 } } as const satisfies Partial<Metadata>;

export function copiedFolder(path: ImagePath): DirectoryEntry {
  return { type: 'directory', path, mode: 0o755, ...plain };
}

/** A link has no mode of its own on Linux; 0777 is what tar programs write. */
export function copiedLink(path: ImagePath, target: string): SymlinkEntry {
  return { type: 'symlink', path, mode: 0o777, target, ...plain };
}

export function copiedFile(
  path: ImagePath,
  { stats, digest }: { readonly stats: Pick<FileStats, 'mode' | 'size'>; readonly digest: Digest },
): FileEntry {
  return { type: 'file', path, mode: gitMode(stats), size: Number(stats.size), digest, ...plain };
}

/** git keeps one bit of a file's mode: whether its owner may execute it. */
function gitMode({ mode }: Pick<FileStats, 'mode'>): number {
  return (mode & 0o100n) === 0n ? 0o644 : 0o755;
}
