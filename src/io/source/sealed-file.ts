/**
 * Small caches on disk: a file that says what it is, of which version, and by a checksum that it is whole. What does
 * not read as that is absent. A file is replaced in one step; that it cannot be written costs only the next build.
 *
 *     magic of 4 letters · version u32 · SHA-256 of what follows · content
 *
 * Numbers are little-endian; a machine with another byte order has its own files.
 */
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { removeQuietly, writeFully } from '../store/durable-file.ts';

export interface Seal {
  /** Four letters. */
  readonly magic: string;
  readonly version: number;
}

const headerLength = 4 + 4 + 32;

/** The content, or undefined for anything but a whole file of this kind and version. Never throws. */
export function readSealed(file: string, { magic, version }: Seal): Buffer | undefined {
  const bytes = readOrNothing(file);
  if (bytes === undefined || bytes.length < headerLength) return undefined;
  if (bytes.toString('latin1', 0, 4) !== magic || bytes.readUInt32LE(4) !== version) return undefined;
  const content = bytes.subarray(headerLength);
  return checksum([content]).equals(bytes.subarray(8, headerLength)) ? content : undefined;
}

function readOrNothing(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function checksum(parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Never throws. */
export function writeSealed(file: string, { magic, version }: Seal, parts: readonly Uint8Array[]): void {
  const header = Buffer.alloc(8);
  header.write(magic, 'latin1');
  header.writeUInt32LE(version, 4);
  const temporary = `${file}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeParts(temporary, [header, checksum(parts), ...parts]);
    renameSync(temporary, file);
  } catch {
    removeQuietly(temporary);
  }
}

function writeParts(file: string, parts: readonly Uint8Array[]): void {
  const fd = openSync(file, 'wx', 0o600);
  try {
    for (const part of parts) writeFully(fd, part);
  } finally {
    closeSync(fd);
  }
}

/** Lengths as u32, one after the other. */
export function lengthsOf(...lengths: readonly number[]): Buffer {
  const bytes = Buffer.alloc(lengths.length * 4);
  lengths.forEach((length, at) => bytes.writeUInt32LE(length, at * 4));
  return bytes;
}
