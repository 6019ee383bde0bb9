/**
 * The bytes of one upload, under a temporary name until they have turned out to be what the client says. The digest is
 * named last (distribution-spec, Pushing a blob in chunks), so bytes are hashed as sha256 on their way, and read again
 * for sha512.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { algorithmOf, type Digest } from '../../core/digest/digest.ts';
import { publish } from '../store/disk-blob-writer.ts';
import { removeQuietly } from '../store/durable-file.ts';
import { createHasher, type Hasher } from '../store/native-hasher.ts';
import { storeErrorOf } from '../store/store-error.ts';
import { type StoreFolder, temporaryPath } from '../store/store-folder.ts';

export class UploadFile {
  readonly #folder: StoreFolder;
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #hasher: Hasher = createHasher('sha256');
  #size = 0;
  #isOpen = true;

  private constructor(folder: StoreFolder, path: string, file: FileHandle) {
    this.#folder = folder;
    this.#path = path;
    this.#file = file;
  }

  /** Throws StoreError, as every method does: `store/full`, `store/too-many-files`, … */
  static async open(folder: StoreFolder): Promise<UploadFile> {
    const path = temporaryPath(folder);
    try {
      return new UploadFile(folder, path, await open(path, 'wx+'));
    } catch (error) {
      throw storeErrorOf(error, 'taking an upload into', folder.path);
    }
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#guard(async () => {
      for (let at = 0; at < bytes.byteLength;) {
        const left = bytes.byteLength - at;
        at += (await this.#file.write(bytes, at, left, this.#size + at)).bytesWritten;
      }
    });
    this.#hasher.update(bytes);
    this.#size += bytes.byteLength;
  }

  /** Ends the writing, syncs, and gives the digest of all bytes by `algorithm`'s own algorithm. */
  async seal(algorithm: ReturnType<typeof algorithmOf>): Promise<Digest> {
    return this.#guard(async () => {
      await this.#file.sync();
      await this.#close();
      return algorithm === 'sha256' ? this.#hasher.digest() : await digestOfFile(this.#path, algorithm);
    });
  }

  /** Gives the sealed file its place among the blobs, durably. `digest` is what `seal` gave. */
  async publish(digest: Digest): Promise<void> {
    await this.#guard(async () => {
      publish(this.#folder, this.#path, digest);
      await this.#folder.syncBlobs[algorithmOf(digest)]();
    });
  }

  /** Never throws; harmless after `publish`. */
  async discard(): Promise<void> {
    await this.#close().catch(() => undefined);
    removeQuietly(this.#path);
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#file.close();
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw storeErrorOf(error, 'taking an upload into', this.#folder.path);
    }
  }
}

async function digestOfFile(path: string, algorithm: ReturnType<typeof algorithmOf>): Promise<Digest> {
  const hasher = createHasher(algorithm);
  for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) hasher.update(chunk);
  return hasher.digest();
}
