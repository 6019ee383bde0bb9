/**
 * Uploads that are under way, by the ids that their URLs carry. They live as long as the server: what a client has not
 * finished when it ends, it begins again.
 */
import { randomUUID } from 'node:crypto';
import { Refusal } from './refusal.ts';
import type { ServeLimits } from './serve-limits.ts';
import type { UploadFile } from './upload-file.ts';

export interface Upload {
  readonly id: string;
  readonly repository: string;
  readonly file: UploadFile;
  /** Whether a request is writing to it right now. */
  isBusy: boolean;
  /** Milliseconds of a clock that never goes back. */
  usedAt: number;
}

export interface UploadsContext {
  readonly begin: () => Promise<UploadFile>;
  readonly limits: ServeLimits;
  readonly now: () => number;
}

export class Uploads {
  readonly #open = new Map<string, Upload>();
  readonly #context: UploadsContext;

  constructor(context: UploadsContext) {
    this.#context = context;
  }

  /** Throws Refusal TOOMANYREQUESTS where as many are open as the limit allows. */
  async start(repository: string): Promise<Upload> {
    const { begin, limits, now } = this.#context;
    await this.#forgetIdle();
    if (this.#open.size >= limits.openUploads) {
      throw new Refusal('TOOMANYREQUESTS', `${String(this.#open.size)} uploads are open, which is the limit`);
    }
    const upload = { id: randomUUID(), repository, file: await begin(), isBusy: false, usedAt: now() };
    this.#open.set(upload.id, upload);
    return upload;
  }

  /** Throws Refusal BLOB_UPLOAD_UNKNOWN, also for an upload of another repository. */
  find(repository: string, id: string): Upload {
    const upload = this.#open.get(id);
    if (upload?.repository === repository) return upload;
    throw new Refusal(
      'BLOB_UPLOAD_UNKNOWN',
      'there is no such upload: it has ended, or was idle for too long',
    );
  }

  /** Gives one request the upload for itself. Throws Refusal BLOB_UPLOAD_INVALID while another one writes to it. */
  async use<T>(upload: Upload, work: () => Promise<T>): Promise<T> {
    if (upload.isBusy) {
      throw new Refusal('BLOB_UPLOAD_INVALID', 'another request is writing to this upload');
    }
    upload.isBusy = true;
    try {
      return await work();
    } finally {
      upload.isBusy = false;
      upload.usedAt = this.#context.now();
    }
  }

  /** Ends an upload; bytes that have not become a blob are removed. */
  async end({ id, file }: Upload): Promise<void> {
    this.#open.delete(id);
    await file.discard();
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#open.values()].map((upload) => this.end(upload)));
  }

  async #forgetIdle(): Promise<void> {
    const { limits, now } = this.#context;
    const latest = now() - limits.idleUpload;
    const idle = [...this.#open.values()].filter((upload) => !upload.isBusy && upload.usedAt < latest);
    await Promise.all(idle.map((upload) => this.end(upload)));
  }
}
