/** A file of the tree while its content is written. Nothing else of the tree may be touched before it is closed. */
import { closeSync, writeSync } from 'node:fs';

export class OpenFile {
  readonly #fd: number;
  readonly #settle: (fd: number) => void;
  #open = true;

  /** `settle` gives the finished file its metadata. */
  constructor(fd: number, settle: (fd: number) => void) {
    this.#fd = fd;
    this.#settle = settle;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) done += writeSync(this.#fd, bytes, done);
  }

  /** Sets the metadata and closes. */
  finish(): void {
    if (!this.#open) return;
    try {
      this.#settle(this.#fd);
    } finally {
      this.abandon();
    }
  }

  abandon(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#fd);
  }
}
