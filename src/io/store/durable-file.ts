/**
 * How a file enters a folder so that a crash or a power cut shows either the old state or the whole new one: written
 * under another name in the same file system, synced, renamed; then the folder is synced, without which the name
 * itself may be lost, and with it a blob that somebody was promised.
 */
import { closeSync, fdatasync, fsync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errorCode } from './file-problem.ts';

/** Waits until the file's bytes and size are on the disk. */
export const syncFile = promisify(fsync);

/** Waits until the bytes that the file has now are on the disk; more may be written meanwhile. */
export const flushFile = promisify(fdatasync);

/** Writes all bytes, however little the system takes at a time. */
export function writeFully(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.byteLength;) at += writeSync(fd, bytes, at, bytes.byteLength - at);
}

/** Puts a whole small file in place under a temporary name first. The folder is not synced: see createFolderSync. */
export async function replaceFile(path: string, bytes: Uint8Array, temporary: string): Promise<void> {
  const fd = openSync(temporary, 'wx');
  try {
    try {
      writeFully(fd, bytes);
      await syncFile(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
}

export function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already, or reclaimed later with its owner.
  }
}

/**
 * Syncs one folder for many: each call is answered by a sync that began after it, and calls that wait together share
 * one, so eight commits at once cost two syncs and not eight.
 */
export function createFolderSync(folder: string): () => Promise<void> {
  let waiting: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  return () => {
    waiting ??= last.then(() => {
      waiting = undefined;
      return syncFolder(folder);
    });
    last = waiting.catch(() => undefined);
    return waiting;
  };
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some FUSE file systems cannot sync a folder; there is no more to be had from them.
    if (errorCode(error) !== 'EINVAL' && errorCode(error) !== 'ENOTSUP') throw error;
  } finally {
    await handle.close();
  }
}
