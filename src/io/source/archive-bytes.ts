/** The bytes of an archive, wherever it is: a file of the context, or a blob of the store that was fetched. */
import type { Digest } from '../../core/digest/digest.ts';
import type { ContentSource } from '../../core/tree/file-tree.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import { readSound } from '../store/read-sound.ts';
import type { BlobStore } from '../store/store.ts';
import { fileChunks, verifiedChunks } from './file-chunks.ts';
import type { FolderGate } from './folder-gate.ts';

export interface ArchiveBytes {
  readonly digest: Digest;
  /** Gives all of them to `use`; what was read to its end is what the digest says, or reading throws. */
  read<T>(use: (chunks: AsyncIterable<Uint8Array>) => Promise<T>): Promise<T>;
  /** The source of a file whose content starts there in the decompressed archive. */
  contentAt(offset: number): ContentSource;
}

export function contextArchive(
  gate: FolderGate,
  { path, digest }: { readonly path: ImagePath; readonly digest: Digest },
): ArchiveBytes {
  return {
    digest,
    read: (use) => use(verifiedChunks(fileChunks(gate, path), { path, digest })),
    contentAt: (offset) => ({ in: 'archive', path, offset }),
  };
}

export function storedArchive(blobs: BlobStore, digest: Digest): ArchiveBytes {
  return {
    digest,
    read: (use) => readSound(blobs, digest, use),
    contentAt: (offset) => ({ in: 'layer', blob: digest, offset }),
  };
}
