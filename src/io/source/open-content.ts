/**
 * Gives the pack the bytes of files: from the context, from the plan itself, or from a range of a decompressed archive
 * or layer. Each of those is decompressed once, into a file of its own that goes when the opener is closed.
 */
import { closeSync, fstatSync, readSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { ContentSource, FileEntry } from '../../core/tree/file-tree.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import { Bug } from '../../core/diagnostic/bug.ts';
import { fromBase64 } from '../../core/digest/base64.ts';
import type { BlobStore } from '../store/store.ts';
import { createFolderGate, type FolderGate } from './folder-gate.ts';
import { sourceChanged, sourceErrorOf } from './source-error.ts';
import { createTarFiles, type TarFiles } from './tar-files.ts';

/** One for a build; `open` may be called for several files at the same time. */
export interface ContentOpener {
  /**
   * The bytes of a file; each chunk is valid until the next one is asked for. Iterating throws SourceError, StoreError
   * or LayerError. Whether they are the right bytes is for the pack to say.
   */
  open(source: ContentSource, entry: FileEntry): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
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
  const buffers = createBufferPool();
  return {
    open: (source, entry) => {
      switch (source.in) {
        case 'context':
          return contextFile({ gate, buffers }, source.path as ImagePath);
        case 'literal':
          return literal(source.base64);
        case 'archive':
        case 'layer':
          return rangeOfTar({ tars, buffers }, source, entry.size);
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

function literal(base64: string): Iterable<Uint8Array> {
  const bytes = fromBase64(base64);
  if (bytes === undefined) throw new Bug('the plan holds content that is no base64');
  return [bytes];
}

interface BufferPool {
  take(): Buffer;
  give(buffer: Buffer): void;
}

const bufferLength = 1 << 17;

/** Buffers that are used again: as many as files are read at the same time. */
function createBufferPool(): BufferPool {
  const free: Buffer[] = [];
  return {
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(bufferLength),
    give: (buffer) => free.push(buffer),
  };
}

function* contextFile(
  { gate, buffers }: { readonly gate: FolderGate; readonly buffers: BufferPool },
  path: ImagePath,
): Generator<Uint8Array> {
  const buffer = buffers.take();
  let fd: number | undefined;
  try {
    fd = gate.open(path);
    if (!fstatSync(fd).isFile()) throw sourceChanged(path, 'is no file any more');
    for (let count = readSync(fd, buffer); count > 0; count = readSync(fd, buffer)) {
      yield buffer.subarray(0, count);
    }
  } catch (error) {
    throw sourceErrorOf(error, 'reading', path);
  } finally {
    if (fd !== undefined) closeSync(fd);
    buffers.give(buffer);
  }
}

async function* rangeOfTar(
  { tars, buffers }: { readonly tars: TarFiles; readonly buffers: BufferPool },
  source: ContentSource & { readonly in: 'archive' | 'layer' },
  size: number,
): AsyncGenerator<Uint8Array> {
  const fd = await tars.open(source);
  const buffer = buffers.take();
  try {
    for (let done = 0; done < size;) {
      const count = readSync(fd, buffer, 0, Math.min(buffer.length, size - done), source.offset + done);
      // A tar that is too short gives less than the entry's size, which the pack refuses.
      if (count === 0) return;
      yield buffer.subarray(0, count);
      done += count;
    }
  } finally {
    closeSync(fd);
    buffers.give(buffer);
  }
}
