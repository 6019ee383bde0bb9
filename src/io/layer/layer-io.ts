/** Interfaces of reading and writing layer bytes; pack.ts and read-layer.ts hold the code. */
import type { Digest } from '../../core/digest/digest.ts';
import type { Compression } from '../../core/recipe/recipe.ts';
import type { ContentSource, FileEntry, TreeEntry } from '../../core/tree/file-tree.ts';
import type { TarLimits, TarStep } from '../../core/tar/tar-entry.ts';
import type { Packer } from './packer.ts';

/** The content of one file, from its first byte on. */
export interface ContentReader {
  /** Puts what comes next at the start of `target`, which is not empty: how many bytes, 0 at the end. */
  read(target: Uint8Array): number;
  close(): void;
}

/** An entry to pack, with where its content is; undefined for what has none. */
export interface EntryToPack {
  readonly entry: TreeEntry;
  readonly source: ContentSource | undefined;
}

/** Opens the content of a file; the pack verifies size and digest and says which file changed. */
export type OpenContent = (
  entry: FileEntry,
  source: ContentSource | undefined,
) => ContentReader | Promise<ContentReader>;

/** Where packed bytes go; a BlobWriter fits. */
export interface ByteSink {
  write(bytes: Uint8Array): void;
}

export interface PackRequest {
  /** Sorted by path bytes, unique, laid out: what the layer is to hold. */
  readonly entries: Iterable<EntryToPack>;
  /** About how many bytes of tar that makes. */
  readonly tarBytes: number;
  readonly openContent: OpenContent;
  /** What a file's source is called in messages; its image path where absent. */
  readonly nameOf?: (entry: FileEntry, source: ContentSource | undefined) => string;
  readonly compression: Compression;
  readonly sink: ByteSink;
  readonly packer: Packer;
  readonly signal: AbortSignal;
  /** Called now and then with the bytes of content packed so far. */
  readonly onProgress: (done: number) => void;
}

/** Digest and size are the sink's to know. */
export interface PackedLayer {
  readonly mediaType: string;
  readonly diffId: Digest;
}

export interface ReadLayerRequest {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** What the descriptor says; undefined detects gzip, zstd or plain tar by magic (archives of the user). */
  readonly mediaType: string | undefined;
  readonly limits: TarLimits;
  /** What may stand behind a gzip stream; nothing if absent. Tools of long ago filled the last block with zeros. */
  readonly afterGzip?: 'nothing' | 'zeros';
}

/** A layer being read: iterate `steps` to the end, then ask for the diffID. */
export interface LayerReading {
  /** The steps of one buffer at a time, each list to be taken whole: waiting for every single step costs too much. */
  readonly steps: AsyncIterable<Iterable<TarStep>>;
  diffId(): Digest;
}
