/** What one tar member says, after PAX records were applied, and the steps a strict reader gives. */
import type { Metadata } from '../tree/file-tree.ts';
import type { ImagePath } from '../tree/image-path.ts';

interface TarNode extends Metadata {
  /** Leading `/` and `./` stripped; `..` was refused. */
  readonly path: ImagePath;
}

export type TarEntry =
  | (TarNode & { readonly type: 'file'; readonly size: number })
  | (TarNode & { readonly type: 'directory' | 'fifo' })
  | (TarNode & { readonly type: 'symlink'; readonly target: string })
  | (TarNode & { readonly type: 'hardlink'; readonly target: ImagePath })
  | (TarNode & {
      readonly type: 'block-device' | 'character-device';
      readonly major: number;
      readonly minor: number;
    });

/** `offset` is where the content (or what follows the header) starts in the decompressed tar. */
export type TarStep =
  | { readonly type: 'entry'; readonly entry: TarEntry; readonly offset: number }
  /** Bytes of the last file entry; valid until the next step is asked for. Files only: an empty one has none. */
  | { readonly type: 'content'; readonly bytes: Uint8Array }
  /** After the content of each file entry, an empty one too. */
  | { readonly type: 'end-of-content' };

/** A pure step over chunks. Throws LayerError (core/tar/layer-error.ts) with a `layer/…` code for anything it refuses. */
export interface TarReader {
  /** The steps of one chunk; iterate them to the end before the next chunk is pushed. */
  push(chunk: Uint8Array): Iterable<TarStep>;
  /** After the last chunk: refuses a truncated archive. */
  end(): void;
}

export interface TarLimits {
  readonly maxEntries: number;
  /** Bytes of one PAX or long-name header. */
  readonly maxHeaderBytes: number;
  /** Bytes of the whole decompressed tar. */
  readonly maxTotalBytes: number;
  /** Bytes of one name or link target. */
  readonly maxPathBytes: number;
  /** Components of one name. */
  readonly maxDepth: number;
  /** Decompressed bytes for each compressed byte, once a layer has given 256 MiB; kept by io/layer. */
  readonly maxRatio: number;
  /** How far back zstd may reach, which is memory that reading takes; kept by io/layer. */
  readonly maxWindowBytes: number;
}
