/**
 * Gives the pack the bytes of files: from the context, from the plan itself, from a blob of the store, or from a range of
 * a decompressed archive or layer. Each of those is decompressed once, into a file of its own that goes when the opener is
 * closed.
 */
import { closeSync, fstatSync, readSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { ContentSource, FileEntry } from '../../core/tree/file-tree.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import { Bug } from '../../core/diagnostic/bug.ts';
import { fromBase64 } from '../../core/digest/base64.ts';
import type { ContentReader } from '../layer/layer-io.ts';
import type { BlobStore } from '../store/store.ts';
import { createFolderGate, type FolderGate } from './folder-gate.ts';
import { sourceChanged, sourceErrorOf } from './source-error.ts';
import { createTarFiles, type TarFiles, type TarRange, type WholeBlob } from './tar-files.ts';

/** One for a build; `open` may be called for several files at the same time. */
export interface ContentOpener {
  /**
   * The bytes of a file. Opening and reading throw SourceError, StoreError or LayerError. Whether they are the right
   * bytes is for the pack to say.
   */
  open(source: ContentSource, entry: FileEntry): ContentReader | Promise<ContentReader>;
  /** Gives back descriptors and temporary files. */
  close(): Promise<void>;
}

export interface ContentPlaces {
  /** Absolute. */
  readonly contextFolder: string;
  readonly blobs: BlobStore;
  /** Where decompressed archives stand meanwhile; the system's folder for temporary files if absent. */
  readonly tempFolder?: string;
}

export function createContentOpener(places: ContentPlaces): ContentOpener {
  const gate = createFolderGate(realFolder(places.contextFolder));
  const tars = createTarFiles({ gate, blobs: places.blobs, tempFolder: places.tempFolder ?? tmpdir() });
  return {
    open: (source, entry) => {
      switch (source.in) {
        case 'context':
          return contextFile(gate, source.path as ImagePath);
        case 'literal':
          return literal(source.base64);
        case 'blob':
          return wholeBlob(places.blobs, tars, source);
        case 'archive':
        case 'layer':
          return rangeOfTar(tars, source, entry.size);
      }
    },
    close: async () => {
      await tars.close();
      gate.close();
    },
  };
}

/** A plan may be executed where its context is not, as long as nothing is asked of it. */
function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function contextFile(gate: FolderGate, path: ImagePath): ContentReader {
  try {
    return new ContextFile(gate.open(path), path);
  } catch (error) {
    throw sourceErrorOf(error, 'reading', path);
  }
}

/** Whether it is a file shows in its bytes, which the pack looks at; only where there are none it is asked for. */
class ContextFile implements ContentReader {
  readonly #fd: number;
  readonly #path: ImagePath;
  #begun = false;

  constructor(fd: number, path: ImagePath) {
    this.#fd = fd;
    this.#path = path;
  }

  read(target: Uint8Array): number {
    try {
      const count = readSync(this.#fd, target);
      if (count === 0 && !this.#begun) this.#requireFile();
      this.#begun = true;
      return count;
    } catch (error) {
      this.#requireFile();
      throw sourceErrorOf(error, 'reading', this.#path);
    }
  }

  #requireFile(): void {
    if (!fstatSync(this.#fd).isFile()) throw sourceChanged(this.#path, 'is no file any more');
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function literal(base64: string): ContentReader {
  const bytes = fromBase64(base64);
  if (bytes === undefined) throw new Bug('the plan holds content that is no base64');
  return contentOf(bytes);
}

/** Bytes that are at hand, as a content. */
function contentOf(bytes: Uint8Array): ContentReader {
  let at = 0;
  return {
    read: (target) => {
      const piece = bytes.subarray(at, at + target.length);
      target.set(piece);
      at += piece.length;
      return piece.length;
    },
    close: () => undefined,
  };
}

/** Blobs up to so many bytes are read into memory; larger ones pass through a file. */
const heldBytes = 8 * 1024 * 1024;

/** Whether it is as long as its entry is for the pack to say. */
async function wholeBlob(blobs: BlobStore, tars: TarFiles, source: WholeBlob): Promise<ContentReader> {
  const size = (await blobs.size(source.blob)) ?? 0;
  if (size <= heldBytes) return contentOf(await blobs.readAll(source.blob, heldBytes));
  return rangeOfFile(await tars.open(source), { offset: 0, size });
}

/** A tar that is too short gives less than `size` bytes, which the pack refuses. */
async function rangeOfTar(tars: TarFiles, source: TarRange, size: number): Promise<ContentReader> {
  return rangeOfFile(await tars.open(source), { offset: source.offset, size });
}

function rangeOfFile(
  fd: number,
  { offset, size }: { readonly offset: number; readonly size: number },
): ContentReader {
  let done = 0;
  return {
    read: (target) => {
      const wanted = Math.min(target.length, size - done);
      const count = wanted === 0 ? 0 : readSync(fd, target, 0, wanted, offset + done);
      done += count;
      return count;
    },
    close: () => closeSync(fd),
  };
}
