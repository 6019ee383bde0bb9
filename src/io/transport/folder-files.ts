/**
 * An image layout in a folder. The folder may itself be reached by a link, which the user wrote; inside it no link is
 * followed (safety.md, N14), so a layout shows no file of this computer but its own.
 */
import { constants, lstatSync, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { isAbsent } from '../store/file-problem.ts';
import { fileMissing, type LayoutFiles } from './layout-files.ts';
import { TransportError, transportErrorOf } from './transport-error.ts';

export function folderFiles(folder: string, place: string): LayoutFiles {
  return {
    place,
    size: (name) => Promise.resolve().then(() => plainFile({ folder, name, place })?.size),
    read: (name, start = 0) => readFile({ folder, name, place }, start),
    close: () => Promise.resolve(),
  };
}

interface Wanted {
  readonly folder: string;
  readonly name: string;
  readonly place: string;
}

function plainFile(wanted: Wanted): Stats | undefined {
  const { folder, name } = wanted;
  for (let above = dirname(name); above !== '.'; above = dirname(above)) {
    const found = statOf(join(folder, above));
    if (found === undefined) return undefined;
    if (!found.isDirectory()) throw linked(wanted, above);
  }
  const found = statOf(join(folder, name));
  if (found?.isFile() === false) throw linked(wanted, name);
  return found;
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw transportErrorOf(error, 'reading', path);
  }
}

function linked(wanted: Wanted, name: string): TransportError {
  const message = `${escapeText(name)} of ${escapeText(wanted.place)} is a link or no plain file, and is not followed`;
  return new TransportError('transport/linked-entry', message, {
    help: 'copy the layout with its links replaced by what they point to (cp -RL)',
  });
}

const chunkSize = 256 * 1024;

async function* readFile(wanted: Wanted, start: number): AsyncIterable<Uint8Array> {
  const found = plainFile(wanted);
  if (found === undefined) throw fileMissing(wanted.name, wanted.place);
  const path = join(wanted.folder, wanted.name);
  const file = await openPlain(path);
  try {
    yield* readRange(file, { start, end: Infinity, path });
  } finally {
    await file.close();
  }
}

async function openPlain(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw transportErrorOf(error, 'reading', path);
  }
}

/** The bytes of an open file from `start` up to `end` or its end; each chunk is the reader's own. */
export async function* readRange(
  file: FileHandle,
  range: { readonly start: number; readonly end: number; readonly path: string },
): AsyncIterable<Uint8Array> {
  for (let at = range.start; at < range.end;) {
    const length = Math.min(chunkSize, range.end - at);
    const buffer = Buffer.allocUnsafeSlow(length);
    const bytesRead = await readAt(file, buffer, { at, path: range.path });
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

async function readAt(
  file: FileHandle,
  buffer: Buffer,
  where: { readonly at: number; readonly path: string },
): Promise<number> {
  try {
    return (await file.read(buffer, 0, buffer.length, where.at)).bytesRead;
  } catch (error) {
    throw transportErrorOf(error, 'reading', where.path);
  }
}
