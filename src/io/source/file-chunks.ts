/** Bytes of context files as streams, for what reads them once from the start. */
import { closeSync, readSync } from 'node:fs';
import { setImmediate as immediate } from 'node:timers/promises';
import type { Digest } from '../../core/digest/digest.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import { createHasher } from '../store/native-hasher.ts';
import type { FolderGate } from './folder-gate.ts';
import { sourceChanged, sourceErrorOf } from './source-error.ts';

const bufferLength = 1 << 18;

/** The whole file; each chunk is valid until the next one is asked for. Throws SourceError. */
export async function* fileChunks(gate: FolderGate, path: ImagePath): AsyncGenerator<Uint8Array> {
  let fd: number | undefined;
  try {
    fd = gate.open(path);
    const buffer = Buffer.allocUnsafeSlow(bufferLength);
    for (let count = readSync(fd, buffer); count > 0; count = readSync(fd, buffer)) {
      yield buffer.subarray(0, count);
      // Timers and signals get their turn between two chunks.
      await immediate();
    }
  } catch (error) {
    throw sourceErrorOf(error, 'reading', path);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** The chunks as they pass; SourceError `source/changed` at their end where the file is not what it was. */
export async function* verifiedChunks(
  chunks: AsyncIterable<Uint8Array>,
  file: { readonly path: ImagePath; readonly digest: Digest },
): AsyncGenerator<Uint8Array> {
  const hasher = createHasher();
  for await (const chunk of chunks) {
    hasher.update(chunk);
    yield chunk;
  }
  if (hasher.digest() !== file.digest) throw sourceChanged(file.path, 'changed while it was read');
}

/** `size` bytes of a stream, from `offset` on; fewer where it ends before. */
export async function readRange(
  chunks: AsyncIterable<Uint8Array>,
  { offset, size }: { readonly offset: number; readonly size: number },
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let at = 0;
  for await (const chunk of chunks) {
    const start = Math.max(offset - at, 0);
    const end = Math.min(offset + size - at, chunk.length);
    if (end > start) parts.push(chunk.slice(start, end));
    at += chunk.length;
    if (at >= offset + size) break;
  }
  return Buffer.concat(parts);
}
