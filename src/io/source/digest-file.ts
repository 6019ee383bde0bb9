/**
 * Digests of the context's files: from the stat index where that can be trusted, else read once through one buffer. A
 * file that changes while it is read is read again, and refused when it does not come to rest.
 */
import { createHash, hash } from 'node:crypto';
import { closeSync, fstatSync, readSync } from 'node:fs';
import { type Digest, trustedDigest } from '../../core/digest/digest.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import type { FolderGate } from './folder-gate.ts';
import { sourceChanged, SourceError, sourceErrorOf } from './source-error.ts';
import type { StatIndex } from './stat-index.ts';
import { type FileStats, sameStats } from './stat-rows.ts';

export interface FileFacts {
  readonly digest: Digest;
  /** As they were when the digest was taken. */
  readonly stats: FileStats;
}

export interface FileDigester {
  /**
   * `path` is relative to the context, `stats` are what lstat said of it. Throws SourceError `source/changed` or
   * `source/unreadable`.
   */
  digest(path: ImagePath, stats: FileStats): FileFacts;
  /** The same of a file that no index knows; the caller records it. */
  readonly read: FileReader;
}

export interface DigesterParts {
  readonly gate: FolderGate;
  readonly statIndex: StatIndex;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createFileDigester({ gate, statIndex, now }: DigesterParts): FileDigester {
  const read = createFileReader(gate, now);
  return {
    read,
    digest: (path, stats) => {
      const known = statIndex.find(path, stats);
      if (known !== undefined) return { digest: known, stats };
      const facts = read(path, stats);
      statIndex.record(path, facts);
      return facts;
    },
  };
}

export interface ReadFacts extends FileFacts {
  /** Before the file was opened; milliseconds since 1970. */
  readonly readAt: number;
}

/** Reads a file; `seen` is what lstat said of it. Throws SourceError `source/changed` or `source/unreadable`. */
export type FileReader = (path: ImagePath, seen: FileStats) => ReadFacts;

const bufferLength = 1 << 18;
const attempts = 3;

export function createFileReader(gate: FolderGate, now: () => number): FileReader {
  const buffer = Buffer.allocUnsafeSlow(bufferLength);
  return (path, seen) => {
    const readAt = now();
    const quick = seen.size < buffer.length ? readQuickly(gate, path, { seen, buffer }) : undefined;
    if (quick !== undefined) return { digest: quick, stats: seen, readAt };
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const readAgainAt = now();
      const facts = withFile(gate, path, (fd) => readWhole(fd, path, buffer));
      if (facts !== undefined) return { ...facts, readAt: readAgainAt };
    }
    throw sourceChanged(path, 'changed again and again while it was read');
  };
}

/**
 * A small file that is as it was seen before and after, in one read of one byte more than it has. Undefined where
 * anything is not as it should be: the careful way then says what it is.
 */
function readQuickly(
  gate: FolderGate,
  path: ImagePath,
  { seen, buffer }: { readonly seen: FileStats; readonly buffer: Buffer },
): Digest | undefined {
  const size = Number(seen.size);
  let fd: number | undefined;
  try {
    fd = gate.open(path);
    if (readSync(fd, buffer, 0, size + 1, null) !== size) return undefined;
    if (!sameStats(fstatSync(fd, { bigint: true }), seen)) return undefined;
    return trustedDigest(`sha256:${hash('sha256', buffer.subarray(0, size), 'hex')}`);
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function withFile<T>(gate: FolderGate, path: ImagePath, use: (fd: number) => T): T {
  let fd: number | undefined;
  try {
    fd = gate.open(path);
    return use(fd);
  } catch (error) {
    throw sourceErrorOf(error, 'reading', path);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Undefined where the file changed meanwhile. */
function readWhole(fd: number, path: ImagePath, buffer: Buffer): FileFacts | undefined {
  const before = fstatSync(fd, { bigint: true });
  if (!before.isFile()) throw sourceChanged(path, 'is no file any more');
  const digest = digestContent(fd, { buffer, size: Number(before.size) });
  const after = fstatSync(fd, { bigint: true });
  const same =
    after.size === before.size && after.mtimeNs === before.mtimeNs && after.ctimeNs === before.ctimeNs;
  return same && digest.length === Number(before.size) ? { digest: digest.digest, stats: before } : undefined;
}

/** Reads no further than the size that was promised and one byte, so that a file that grows for ever is no trap. */
function digestContent(
  fd: number,
  { buffer, size }: { readonly buffer: Buffer; readonly size: number },
): { readonly digest: Digest; readonly length: number } {
  const hasher = createHash('sha256');
  let length = 0;
  for (let count = readSync(fd, buffer); count > 0; count = readSync(fd, buffer)) {
    hasher.update(buffer.subarray(0, count));
    length += count;
    if (length > size) break;
  }
  return { digest: trustedDigest(`sha256:${hasher.digest('hex')}`), length };
}

/** The first bytes of a file, at most `length` of them; fewer where it is shorter. */
export function readStart(gate: FolderGate, path: ImagePath, length: number): Buffer {
  return withFile(gate, path, (fd) => {
    if (!fstatSync(fd).isFile()) throw sourceChanged(path, 'is no file any more');
    const bytes = Buffer.alloc(length);
    let filled = 0;
    for (let count = 1; count > 0 && filled < length; filled += count) {
      count = readSync(fd, bytes, filled, length - filled, null);
    }
    return bytes.subarray(0, filled);
  });
}

/** The whole of a small file as text; SourceError `source/unreadable` above `limit` bytes. */
export function readSmallFile(gate: FolderGate, path: ImagePath, limit: number): Buffer {
  const bytes = readStart(gate, path, limit + 1);
  if (bytes.length <= limit) return bytes;
  throw new SourceError('source/unreadable', `${path} has more than ${String(limit)} bytes`);
}
