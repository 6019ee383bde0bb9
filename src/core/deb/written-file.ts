/** Entries that no package brings: files, folders and links that this tool writes into a root of packages. */
import { toBase64 } from '../digest/base64.ts';
import { digestOf } from '../digest/digest.ts';
import type { ContentSource, NodeEntry } from '../tree/file-tree.ts';
import type { ImagePath } from '../tree/image-path.ts';

export interface WrittenEntry {
  readonly entry: NodeEntry;
  /** Of a file alone. */
  readonly content?: ContentSource;
}

const owned = { uid: 0, gid: 0, mtime: { seconds: 0 } } as const;

/** Text is written as UTF-8. */
export function writtenFile(path: string, content: string | Uint8Array, mode = 0o644): WrittenEntry {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    entry: {
      type: 'file',
      path: path as ImagePath,
      mode,
      ...owned,
      size: bytes.length,
      digest: digestOf(bytes),
    },
    content: { in: 'literal', base64: toBase64(bytes) },
  };
}

export function writtenLink(path: string, target: string): WrittenEntry {
  return { entry: { type: 'symlink', path: path as ImagePath, mode: 0o777, ...owned, target } };
}

export function writtenFolder(path: string, mode = 0o755): WrittenEntry {
  return { entry: { type: 'directory', path: path as ImagePath, mode, ...owned } };
}
