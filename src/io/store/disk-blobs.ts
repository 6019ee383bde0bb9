/**
 * Blobs on disk, at `blobs/ALGORITHM/HEX`. Bytes are verified in the one pass that reads them; what cannot be right is
 * quarantined and counts as not there.
 */
import { constants, existsSync, lstatSync, type Stats, utimesSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { algorithmOf, type Digest, parseDigest } from '../../core/digest/digest.ts';
import { namesIn } from './folder-names.ts';
import { DiskBlobWriter } from './disk-blob-writer.ts';
import { errorCode, isAbsent } from './file-problem.ts';
import { createHasher, nativeDigestOf } from './native-hasher.ts';
import { quarantine } from './quarantine.ts';
import type { BlobFacts, BlobStore } from './store.ts';
import { blobCorrupt, blobMissing, blobTooLarge, storeErrorOf } from './store-error.ts';
import { blobPath, type StoreFolder } from './store-folder.ts';

export function diskBlobs(folder: StoreFolder): BlobStore {
  return {
    size: (digest) => Promise.resolve().then(() => statBlob(folder, digest)?.size),
    createWriter: (expected = {}) => new DiskBlobWriter(folder, expected),
    put: async (bytes, expected = {}) => {
      const writer = new DiskBlobWriter(folder, expected);
      try {
        writer.write(bytes);
        return await writer.commit();
      } finally {
        writer.abort();
      }
    },
    read: (digest) => readBlob(folder, digest),
    readAll: (digest, limit) => readWhole(folder, digest, limit),
    list: () => listBlobs(folder),
  };
}

/** Whether something stands in the blob's place; it does not count as used by that. */
export function hasBlob(folder: StoreFolder, digest: Digest): boolean {
  return existsSync(blobPath(folder, digest));
}

/** Marks the blob as used, so that garbage collection beside a build leaves it. */
function statBlob(folder: StoreFolder, digest: Digest): Stats | undefined {
  const path = blobPath(folder, digest);
  const found = statOrAbsent(path);
  if (found === undefined) return undefined;
  const fault = faultOf(found, digest);
  if (fault !== undefined) {
    quarantine(folder, { path, found, reason: fault });
    return undefined;
  }
  return touch(folder, path, found) ? found : undefined;
}

function statOrAbsent(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw storeErrorOf(error, 'looking for a blob at', path);
  }
}

/** What shows without reading that a path cannot be this blob. */
function faultOf(found: Stats, digest: Digest): string | undefined {
  if (found.isDirectory()) return 'is a folder';
  if (found.isSymbolicLink()) return 'is a symbolic link';
  if (!found.isFile()) return 'is no regular file';
  if ((found.mode & 0o400) === 0) return 'has a mode that forbids reading it';
  if (found.size === 0 && nativeDigestOf(new Uint8Array(), algorithmOf(digest)) !== digest) return 'is empty';
  return undefined;
}

/** False where the blob has gone meanwhile. */
export function touch(folder: StoreFolder, path: string, found: Pick<Stats, 'mtimeMs'>): boolean {
  if (!folder.writable || found.mtimeMs >= folder.openedAt || folder.touched.has(path)) return true;
  try {
    const seconds = folder.now() / 1000;
    utimesSync(path, seconds, seconds);
    folder.touched.add(path);
  } catch (error) {
    return !isAbsent(error);
  }
  return true;
}

const chunkSize = 256 * 1024;

async function* readBlob(folder: StoreFolder, digest: Digest): AsyncIterable<Uint8Array> {
  const found = statBlob(folder, digest);
  if (found === undefined) throw blobMissing(digest);
  const path = blobPath(folder, digest);
  const file = await openBlob(folder, { path, digest, found });
  const hasher = createHasher(algorithmOf(digest));
  try {
    const length = Math.min(chunkSize, found.size + 1);
    for (;;) {
      const chunk = await nextChunk(file, length, path);
      if (chunk.byteLength === 0) break;
      hasher.update(chunk);
      yield chunk;
    }
  } finally {
    await file.close();
  }
  const actual = hasher.digest();
  if (actual === digest) return;
  quarantine(folder, { path, found, reason: `has the digest ${actual}` });
  throw blobCorrupt(digest, `its bytes have the digest ${actual}`);
}

async function openBlob(
  folder: StoreFolder,
  blob: { path: string; digest: Digest; found: Stats },
): Promise<FileHandle> {
  try {
    return await open(blob.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isAbsent(error)) throw blobMissing(blob.digest);
    const code = errorCode(error);
    if (code !== 'EACCES' && code !== 'ELOOP') throw storeErrorOf(error, 'reading', blob.path);
    quarantine(folder, { ...blob, reason: 'may not be read' });
    throw blobMissing(blob.digest);
  }
}

async function nextChunk(file: FileHandle, length: number, path: string): Promise<Uint8Array> {
  try {
    const buffer = Buffer.allocUnsafeSlow(length);
    const { bytesRead } = await file.read(buffer, 0, length);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw storeErrorOf(error, 'reading', path);
  }
}

async function readWhole(folder: StoreFolder, digest: Digest, limit: number): Promise<Uint8Array> {
  const size = statBlob(folder, digest)?.size;
  if (size !== undefined && size > limit) throw blobTooLarge(digest, { size, limit });
  const chunks: Uint8Array[] = [];
  for await (const chunk of readBlob(folder, digest)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* listBlobs(folder: StoreFolder): AsyncIterable<BlobFacts> {
  for (const algorithm of ['sha256', 'sha512'] as const) {
    for (const name of namesIn(join(folder.path, 'blobs', algorithm))) {
      const parsed = parseDigest(`${algorithm}:${name}`);
      const found = parsed.ok ? statOrAbsent(blobPath(folder, parsed.digest)) : undefined;
      if (parsed.ok && found?.isFile()) {
        yield await Promise.resolve({ digest: parsed.digest, size: found.size });
      }
    }
  }
}
