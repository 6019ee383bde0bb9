/**
 * A zip file as a tar: the same entries in the order of its directory, written by our own tar headers, so that whoever
 * reads archives reads zip files too. A zip file is read from its end, hence it is kept in a temporary file meanwhile.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, createInflateRaw } from 'node:zlib';
import { digestOf } from '../../core/digest/digest.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { LayerError } from '../../core/tar/layer-error.ts';
import { paddingOf } from '../../core/tar/tar-block.ts';
import type { TarLimits } from '../../core/tar/tar-entry.ts';
import { endOfTar, writeHeader } from '../../core/tar/tar-header.ts';
import type { NodeEntry } from '../../core/tree/file-tree.ts';
import { pathFromBytes } from '../../core/tree/image-path.ts';
import { localBytes, localRest, requireSameHeader } from '../../core/zip/local-header.ts';
import { endBytes, locateDirectory, overlapping, readDirectory } from '../../core/zip/zip-directory.ts';
import type { ZipEntry } from '../../core/zip/zip-entry.ts';
import { refusedEntry, truncatedZip } from '../../core/zip/zip-refusal.ts';
import { checkRatio } from './check-ratio.ts';

/** Throws LayerError, and what `chunks` throws as it is; then nothing was given. */
export async function* unzip(
  chunks: AsyncIterable<Uint8Array>,
  limits: TarLimits,
  tempFolder: string = tmpdir(),
): AsyncGenerator<Uint8Array> {
  const folder = orSay(tempFolder, () => mkdtempSync(join(tempFolder, 'layerwright-zip-')));
  try {
    const file = join(folder, 'zip');
    const size = await keep(chunks, file);
    const fd = openSync(file, 'r');
    try {
      yield* tarOf({ fd, size, limits });
    } finally {
      closeSync(fd);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function keep(chunks: AsyncIterable<Uint8Array>, file: string): Promise<number> {
  const fd = orSay(file, () => openSync(file, 'wx', 0o600));
  let size = 0;
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length;) at += orSay(file, () => writeSync(fd, chunk, at));
      size += chunk.length;
    }
  } finally {
    closeSync(fd);
  }
  return size;
}

/** What goes wrong with the temporary file is no fault of the zip file's. */
function orSay<T>(place: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new LayerError('layer/cannot-unzip', `keeping a zip file at ${quoteText(place)}: ${code}`, {
      cause: error,
      help: 'free some space there, or set TMPDIR to a folder that has some',
    });
  }
}

interface ZipFile {
  readonly fd: number;
  readonly size: number;
  readonly limits: TarLimits;
}

async function* tarOf(zip: ZipFile): AsyncGenerator<Uint8Array> {
  const length = Math.min(zip.size, endBytes);
  const place = locateDirectory(readAt(zip, zip.size - length, length), zip.size);
  const entries = readDirectory(readAt(zip, place.offset, place.size), place, zip.limits);
  const next = nextOffsets(entries, place.offset);
  let [given, taken] = [0, 0];
  for (const entry of entries) {
    const content = contentOf(zip, entry, next.get(entry.offset) ?? place.offset);
    if (entry.type === 'symlink') {
      yield writeHeader(nodeOf(entry, pathFromBytes(await whole(content))));
      continue;
    }
    yield writeHeader(nodeOf(entry, ''));
    for await (const bytes of content) {
      given += bytes.length;
      checkRatio({ format: 'zip', given, taken: taken + entry.compressedSize }, zip.limits.maxRatio);
      yield bytes;
    }
    taken += entry.compressedSize;
    yield new Uint8Array(paddingOf(entry.size));
  }
  yield endOfTar;
}

/** For each local header, where the next thing begins. */
function nextOffsets(entries: readonly ZipEntry[], end: number): ReadonlyMap<number, number> {
  const offsets = entries.map(({ offset }) => offset).sort((a, b) => a - b);
  return new Map(offsets.map((offset, index) => [offset, offsets[index + 1] ?? end]));
}

/** A header of a tar has no digest; whoever reads the tar makes one of the content. */
const noDigest = digestOf(new Uint8Array(0));

function nodeOf({ path, type, mode, mtime, size }: ZipEntry, target: string): NodeEntry {
  const node = { path, mode, uid: 0, gid: 0, mtime: { seconds: mtime } };
  if (type === 'file') return { ...node, type, size, digest: noDigest };
  return type === 'directory' ? { ...node, type } : { ...node, type, target };
}

/** The content of an entry, its size and sum as the directory says. */
async function* contentOf(zip: ZipFile, entry: ZipEntry, next: number): AsyncGenerator<Uint8Array> {
  const start = dataStart(zip, entry);
  if (start + entry.compressedSize > next) throw overlapping(entry);
  const data = rangeOf(zip, start, entry.compressedSize);
  let [given, sum] = [0, 0];
  for await (const bytes of entry.method === 'stored' ? data : inflated(data, entry)) {
    given += bytes.length;
    if (given > entry.size) throw wrongContent(entry, `has more than the ${entry.size} bytes it says`);
    sum = crc32(bytes, sum);
    yield bytes;
  }
  if (given !== entry.size) throw wrongContent(entry, `has ${given} bytes, and says ${entry.size}`);
  if (sum !== entry.crc) {
    throw refusedEntry('layer/zip-checksum', entry.path, 'does not match its own checksum');
  }
}

function wrongContent({ path }: ZipEntry, found: string): LayerError {
  return refusedEntry('layer/bad-zip', path, found);
}

function dataStart(zip: ZipFile, entry: ZipEntry): number {
  const fixed = readAt(zip, entry.offset, localBytes);
  const length = localRest(fixed, entry);
  requireSameHeader(fixed, readAt(zip, entry.offset + localBytes, length), entry);
  return entry.offset + localBytes + length;
}

const pieceBytes = 256 * 1024;

function* rangeOf(zip: ZipFile, offset: number, size: number): Generator<Uint8Array> {
  for (let done = 0; done < size; done += pieceBytes) {
    yield readAt(zip, offset + done, Math.min(pieceBytes, size - done));
  }
}

async function* inflated(data: Iterable<Uint8Array>, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const stream = createInflateRaw({ chunkSize: pieceBytes });
  const feeding = (async () => {
    for (const bytes of data) {
      if (stream.destroyed) return;
      await new Promise<void>((resolve) => {
        stream.once('close', resolve);
        stream.write(bytes, () => {
          stream.off('close', resolve);
          resolve();
        });
      });
    }
    stream.end();
  })();
  try {
    yield* stream as AsyncIterable<Uint8Array>;
    await feeding;
    if (stream.bytesWritten !== entry.compressedSize)
      throw wrongContent(entry, 'has bytes behind its content');
  } catch (error) {
    throw error instanceof LayerError ? error : wrongContent(entry, 'is no deflate stream');
  } finally {
    stream.destroy();
    await feeding.catch(() => undefined);
  }
}

async function whole(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const bytes of pieces) parts.push(Uint8Array.from(bytes));
  return Buffer.concat(parts);
}

function readAt({ fd }: ZipFile, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const count = readSync(fd, bytes, done, length - done, offset + done);
    if (count === 0) throw truncatedZip();
    done += count;
  }
  return bytes;
}
