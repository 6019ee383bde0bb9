/**
 * Digests of the context's files: from the stat index where that can be trusted, else read once through one buffer. A
 * file that changes while it is read is read again, and refused when it does not come to rest.
 */
import { createHash } from 'node:crypto';
import { type BigIntStats, closeSync, fstatSync, readSync } from 'node:fs';
import { type Digest, trustedDigest } from '../../core/digest/digest.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import type { FolderGate } from './folder-gate.ts';
import { sourceChanged, SourceError, sourceErrorOf } from './source-error.ts';
import type { StatIndex } from './stat-index.ts';

export interface FileFacts {
  readonly digest: Digest;
  /** As they were when the digest was taken. */
  readonly stats: BigIntStats;
}

export interface FileDigester {
  /**
   * `path` is relative to the context, `stats` are what lstat said of it. Throws SourceError `source/changed` or
   * `source/unreadable`.
   */
  digest(path: ImagePath, stats: BigIntStats): FileFacts;
}

export interface DigesterParts {
  readonly gate: FolderGate;
  readonly statIndex: StatIndex;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const bufferLength = 1 << 18;
const attempts = 3;

export function createFileDigester({ gate, statIndex, now }: DigesterParts): FileDigester {
  const buffer = Buffer.allocUnsafeSlow(bufferLength);
  const readAndRecord = (path: ImagePath): FileFacts | undefined => {
    const readAt = now();
    const facts = withFile(gate, path, (fd) => readWhole(fd, path, buffer));
    if (facts !== undefined) statIndex.record(path, { ...facts, readAt });
    return facts;
  };
  return {
    digest: (path, stats) => {
      const known = statIndex.find(path, stats);
      if (known !== undefined) return { digest: known, stats };
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const facts = readAndRecord(path);
        if (facts !== undefined) return facts;
      }
      throw sourceChanged(path, 'changed again and again while it was read');
    },
  };
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
  const hash = createHash('sha256');
  let length = 0;
  for (let count = readSync(fd, buffer); count > 0; count = readSync(fd, buffer)) {
    hash.update(buffer.subarray(0, count));
    length += count;
    if (length > size) break;
  }
  return { digest: trustedDigest(`sha256:${hash.digest('hex')}`), length };
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
