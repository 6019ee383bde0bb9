/**
 * Writes one blob to disk: a temporary name in the same file system, hashed on the way, synced, renamed to the digest,
 * and the folder synced before anybody is told of it. A blob that is there already is replaced by the same bytes, which
 * also heals one that had rotted; losing a race costs duplicate work and nothing else.
 */
import { closeSync, lstatSync, openSync, renameSync } from 'node:fs';
import { Bug } from '../../core/diagnostic/bug.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { algorithmOf, type Digest } from '../../core/digest/digest.ts';
import { flushFile, removeQuietly, syncFile, writeFully } from './durable-file.ts';
import { type BlobCheck, checkBlob } from './expect-blob.ts';
import { errorCode } from './file-problem.ts';
import { quarantine } from './quarantine.ts';
import type { BlobFacts, BlobWriter, ExpectedBlob } from './store.ts';
import { StoreError, storeErrorOf } from './store-error.ts';
import { blobPath, type StoreFolder, temporaryPath } from './store-folder.ts';

/** So many bytes are sent on to the disk while more are made: a commit would wait for all of them at once. */
const flushBytes = 16 * 1024 * 1024;

export class DiskBlobWriter implements BlobWriter {
  readonly #folder: StoreFolder;
  readonly #check: BlobCheck;
  readonly #temporary: string;
  #fd: number | undefined;
  /** Whether something stands under the temporary name that is still ours to remove. */
  #pending = false;
  #unflushedBytes = 0;
  /** Ends when what is on its way to the disk is there; never rejects. */
  #flushed: Promise<void> | undefined;
  /** The system tells of bytes that it lost once, and not again when the file is synced. */
  #lost: { readonly error: unknown } | undefined;

  constructor(folder: StoreFolder, expected: ExpectedBlob) {
    requireWritable(folder);
    this.#folder = folder;
    this.#check = checkBlob(expected);
    this.#temporary = temporaryPath(folder);
    this.#guard(() => {
      this.#fd = openSync(this.#temporary, 'wx', 0o600);
      this.#pending = true;
    });
  }

  write(bytes: Uint8Array): void {
    this.#guard(() => {
      this.#check.update(bytes);
      writeFully(this.#openFile(), bytes);
      this.#unflushedBytes += bytes.length;
      if (this.#unflushedBytes >= flushBytes && this.#flushed === undefined) this.#flush();
    });
  }

  #flush(): void {
    this.#unflushedBytes = 0;
    this.#flushed = flushFile(this.#openFile())
      .catch((error: unknown) => {
        this.#lost ??= { error };
      })
      .finally(() => {
        this.#flushed = undefined;
      });
  }

  async commit(): Promise<BlobFacts> {
    try {
      const fd = this.#openFile();
      const facts = this.#check.finish();
      await this.#flushed;
      if (this.#lost !== undefined) throw this.#lost.error;
      await syncFile(fd);
      this.#close();
      publish(this.#folder, this.#temporary, facts.digest);
      this.#pending = false;
      await this.#folder.syncBlobs[algorithmOf(facts.digest)]();
      return facts;
    } catch (error) {
      throw this.#failed(error);
    }
  }

  abort(): void {
    this.#close();
    if (this.#pending) removeQuietly(this.#temporary);
    this.#pending = false;
  }

  #openFile(): number {
    if (this.#fd === undefined) throw new Bug('a blob writer was used after its end');
    return this.#fd;
  }

  #close(): void {
    if (this.#fd === undefined) return;
    const fd = this.#fd;
    this.#fd = undefined;
    // Its number is not free for another file while it is on its way to the disk.
    if (this.#flushed === undefined) closeQuietly(fd);
    else
      void this.#flushed.then(() => {
        closeQuietly(fd);
      });
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw this.#failed(error);
    }
  }

  #failed(error: unknown): Error {
    this.abort();
    return error instanceof Bug ? error : storeErrorOf(error, 'writing a blob to', this.#folder.path);
  }
}

// Everything was synced before, so an error of close tells nothing about the bytes.
function closeQuietly(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // The descriptor is gone either way.
  }
}

export function requireWritable(folder: StoreFolder): void {
  if (folder.writable) return;
  throw new StoreError(
    'store/read-only',
    `the store ${escapeText(folder.path)} is read-only and was to be written`,
    {
      help: 'name a folder that can be written with LAYERWRIGHT_CACHE_DIR',
    },
  );
}

/** Gives a file that is whole, checked and synced the name of its digest. */
export function publish(folder: StoreFolder, temporary: string, digest: Digest): void {
  const path = blobPath(folder, digest);
  try {
    renameSync(temporary, path);
  } catch (error) {
    // A folder stands under the blob's name; a file or a link would have been replaced.
    if (errorCode(error) !== 'EISDIR' && errorCode(error) !== 'ENOTEMPTY') throw error;
    quarantine(folder, { path, found: lstatSync(path), reason: 'is a folder' });
    renameSync(temporary, path);
  }
}
