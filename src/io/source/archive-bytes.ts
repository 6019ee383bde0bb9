/** The bytes of an archive, wherever it is: a file of the context, or a blob of the store that was fetched. */
import type { Digest } from '../../core/digest/digest.ts';
import type { ContentSource } from '../../core/tree/file-tree.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import { readSound } from '../store/read-sound.ts';
import type { BlobStore } from '../store/store.ts';
import { readStart } from './digest-file.ts';
import { fileChunks, verifiedChunks } from './file-chunks.ts';
import type { FolderGate } from './folder-gate.ts';

export interface ArchiveBytes {
  readonly digest: Digest;
  /** Its first bytes, at most so many. */
  start(length: number): Uint8Array | Promise<Uint8Array>;
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
    start: (length) => readStart(gate, path, length),
    read: (use) => use(verifiedChunks(fileChunks(gate, path), { path, digest })),
    contentAt: (offset) => ({ in: 'archive', path, offset }),
  };
}

export function storedArchive(blobs: BlobStore, digest: Digest): ArchiveBytes {
  return {
    digest,
    start: (length) => startOfBlob(blobs.read(digest), length),
    read: (use) => readSound(blobs, digest, use),
    contentAt: (offset) => ({ in: 'layer', blob: digest, offset }),
  };
}

async function startOfBlob(chunks: AsyncIterable<Uint8Array>, length: number): Promise<Uint8Array> {
  let start: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    start = Buffer.concat([start, chunk.subarray(0, length - start.length)]);
    if (start.length >= length) break;
  }
  return start;
}
