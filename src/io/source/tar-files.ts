/**
 * Decompressed tars as files that can be read anywhere: an archive that is plain already is itself, anything else is
 * decompressed once into a private temporary folder. A blob that is a file's whole content passes through there as it is.
 */
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ContentSource } from '../../core/tree/file-tree.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import { defaultTarLimits } from '../../core/tar/tar-limits.ts';
import { compressionOfBytes, magicBytes } from '../layer/compression.ts';
import { decompress } from '../layer/decompress.ts';
import { readSound } from '../store/read-sound.ts';
import { writeFully } from '../store/durable-file.ts';
import { storeErrorOf } from '../store/store-error.ts';
import type { BlobStore } from '../store/store.ts';
import { readStart } from './digest-file.ts';
import { fileChunks } from './file-chunks.ts';
import type { FolderGate } from './folder-gate.ts';
import { sourceErrorOf } from './source-error.ts';

export type TarRange = ContentSource & { readonly in: 'archive' | 'layer' };
export type WholeBlob = ContentSource & { readonly in: 'blob' };

export interface TarFiles {
  /** A descriptor of the decompressed tar, or of the blob as it is, for the caller to close. */
  open(source: TarRange | WholeBlob): Promise<number>;
  close(): Promise<void>;
}

export interface TarPlaces {
  readonly gate: FolderGate;
  readonly blobs: BlobStore;
  readonly tempFolder: string;
}

/** Opens the tar again, a descriptor at a time, so that many archives need no more descriptors than one. */
type Opener = () => number;

export function createTarFiles(places: TarPlaces): TarFiles {
  const openers = new Map<string, Promise<Opener>>();
  let folder: string | undefined;
  const newFile = (): string => {
    folder ??= makeFolder(places.tempFolder);
    return join(folder, String(openers.size));
  };
  return {
    open: async (source) => {
      const key = `${source.in} ${source.in === 'archive' ? source.path : source.blob}`;
      let opener = openers.get(key);
      if (opener === undefined) {
        opener = openerOf(places, source, newFile);
        openers.set(key, opener);
      }
      return (await opener)();
    },
    close: async () => {
      await Promise.allSettled(openers.values());
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
      folder = undefined;
    },
  };
}

function makeFolder(tempFolder: string): string {
  try {
    return mkdtempSync(join(tempFolder, 'layerwright-tar-'));
  } catch (error) {
    throw storeErrorOf(error, 'making a temporary folder in', tempFolder);
  }
}

async function openerOf(
  { gate, blobs }: TarPlaces,
  source: TarRange | WholeBlob,
  newFile: () => string,
): Promise<Opener> {
  if (source.in === 'blob') return writtenFile(blobs.read(source.blob), newFile());
  if (source.in === 'layer') {
    return readSound(blobs, source.blob, (chunks) => unpackedFile(chunks, newFile()));
  }
  const path = source.path as ImagePath;
  if (compressionOfBytes(readStart(gate, path, magicBytes)) === 'none') return () => openPlain(gate, path);
  return unpackedFile(fileChunks(gate, path), newFile());
}

function openPlain(gate: FolderGate, path: ImagePath): number {
  try {
    return gate.open(path);
  } catch (error) {
    throw sourceErrorOf(error, 'reading', path);
  }
}

function unpackedFile(chunks: AsyncIterable<Uint8Array>, file: string): Promise<Opener> {
  // Whether zeros may stand behind it whoever read the tree has decided.
  const request = { chunks, mediaType: undefined, limits: defaultTarLimits, afterGzip: 'zeros' } as const;
  return writtenFile(decompress(request), file);
}

async function writtenFile(chunks: AsyncIterable<Uint8Array>, file: string): Promise<Opener> {
  const fd = openSync(file, 'wx', 0o600);
  try {
    for await (const bytes of chunks) {
      writeOrSay(fd, bytes, file);
    }
  } finally {
    closeSync(fd);
  }
  return () => openSync(file, 'r');
}

function writeOrSay(fd: number, bytes: Uint8Array, file: string): void {
  try {
    writeFully(fd, bytes);
  } catch (error) {
    throw storeErrorOf(error, 'decompressing an archive to', file);
  }
}
