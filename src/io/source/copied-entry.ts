/** What `copy` makes of a name: owner 0:0, git's modes, mtime 0, so that the same files make the same tree everywhere. */
import type { DirectoryEntry, FileEntry, Metadata, SymlinkEntry } from '../../core/tree/file-tree.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import type { StatRows } from './stat-rows.ts';

const plain = { uid: 0, gid: 0, mtime: { seconds: 0 } } as const satisfies Partial<Metadata>;

export function copiedFolder(path: ImagePath): DirectoryEntry {
  return { type: 'directory', path, mode: 0o755, ...plain };
}

/** A link has no mode of its own on Linux; 0777 is what tar programs write. */
export function copiedLink(path: ImagePath, target: string): SymlinkEntry {
  return { type: 'symlink', path, mode: 0o777, target, ...plain };
}

/** `rows` hold what lstat said of the file, and its digest. */
export function copiedFile(path: ImagePath, rows: StatRows, row: number): FileEntry {
  const mode = gitMode(rows.mode(row));
  return { type: 'file', path, mode, size: rows.size(row), digest: rows.digest(row), ...plain };
}

/** git keeps one bit of a file's mode: whether its owner may execute it. */
function gitMode(mode: number): number {
  return (mode & 0o100) === 0 ? 0o644 : 0o755;
}
