/** As much of a file as has come by now, on its way into the store, and what its answers said of it. */
import { Failure } from '../../core/diagnostic/failure.ts';
import type { WireResponse } from '../registry/wire.ts';
import type { BlobFacts, BlobWriter } from '../store/store.ts';
import { DownloadError, type DownloadErrorFacts } from './download-error.ts';
import type { DownloadContext, DownloadRequest } from './download-request.ts';

export class PartialFile {
  readonly #blobs: DownloadContext['blobs'];
  readonly #request: DownloadRequest;
  #writer: BlobWriter | undefined;
  #given = 0;
  /** Whether the rest may be asked for: not any more of a server that answered with another part. */
  #ranges = true;
  #validator: string | undefined;
  /** Where the body ends, if the answer says so. */
  #end: number | undefined;
  #isFramed = false;

  constructor(blobs: DownloadContext['blobs'], request: DownloadRequest) {
    this.#blobs = blobs;
    this.#request = request;
  }

  /**
   * Where to go on. Two parts make one file where both are of the same version, which the server's own validator says
   * (RFC 9110, 13.1.5), or where the digest of the whole will.
   */
  resumption(): { readonly from: number; readonly validator: string | undefined } {
    const isProvable = this.#validator !== undefined || this.#request.expected?.digest !== undefined;
    return { from: this.#ranges && isProvable ? this.#given : 0, validator: this.#validator };
  }

  /** Lets go of what has come. `whole`: from now on nothing but all of it is asked for. */
  restart(how: 'resumable' | 'whole'): void {
    this.#writer?.abort();
    this.#writer = undefined;
    this.#given = 0;
    this.#ranges &&= how === 'resumable';
  }

  /** Looks at what an answer promises, before its body is read; gives the body up where that cannot be taken. */
  async expectAnswer(response: WireResponse): Promise<void> {
    const length = declaredLength(response);
    this.#end = length === undefined ? undefined : this.#given + length;
    this.#isFramed = length !== undefined || response.header('transfer-encoding') !== undefined;
    this.#validator = strongTag(response.header('etag'));
    const problem = this.#promised();
    if (problem === undefined) return;
    await response.discard();
    throw problem;
  }

  write(chunk: Uint8Array): void {
    const { limit } = this.#request;
    if (this.#given + chunk.length > limit) throw this.#tooLarge();
    this.#writer ??= this.#open();
    this.#matching(() => this.#writer?.write(chunk));
    this.#given += chunk.length;
    this.#request.onBytes?.(this.#given);
  }

  /** Throws where the body has ended before its end. */
  requireWhole(): void {
    const size = this.#request.expected?.size ?? this.#end;
    if (size === undefined || this.#given >= size) return;
    const found = `its bytes ended after ${String(this.#given)} of ${String(size)}`;
    throw this.#error('download/interrupted', { found, again: 'later' });
  }

  async commit(): Promise<BlobFacts> {
    const writer = this.#writer ?? this.#open();
    try {
      return await writer.commit();
    } catch (error) {
      throw this.#differing(error);
    }
  }

  /** Never throws; harmless after commit. */
  abort(): void {
    this.#writer?.abort();
  }

  #open(): BlobWriter {
    return this.#blobs.createWriter(this.#request.expected);
  }

  #promised(): DownloadError | undefined {
    const { limit, expected } = this.#request;
    if (this.#end !== undefined && this.#end > limit) return this.#tooLarge();
    if (this.#end !== undefined && expected?.size !== undefined && this.#end !== expected.size) {
      const found = `it has ${String(this.#end)} bytes, and ${String(expected.size)} are pinned`;
      return this.#error('download/differs', { found, help: this.#request.cureIfDifferent });
    }
    if (this.#isFramed || expected?.digest !== undefined) return undefined;
    const found = 'the server does not say where its bytes end, so nobody could tell whether they are all';
    return this.#error('download/interrupted', { found });
  }

  #matching(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw this.#differing(error);
    }
  }

  #differing(error: unknown): unknown {
    if (!(error instanceof Failure) || error.code !== 'store/blob-mismatch') return error;
    const { url, cureIfDifferent: help } = this.#request;
    const { host } = new URL(url);
    const found = `${host}: its bytes are not those that are pinned (${error.message})`;
    return this.#error('download/differs', { found, cause: error, help });
  }

  #tooLarge(): DownloadError {
    return this.#error('download/too-large', {
      found: `it has more than ${String(this.#request.limit)} bytes`,
    });
  }

  #error(
    code: DownloadError['code'],
    facts: Pick<DownloadErrorFacts, 'found' | 'again' | 'cause' | 'help'>,
  ): DownloadError {
    return new DownloadError(code, { subject: this.#request.subject, ...facts });
  }
}

function declaredLength(response: WireResponse): number | undefined {
  const text = response.header('content-length') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** A weak tag may stand for other bytes that mean the same (RFC 9110, 8.8.1). */
function strongTag(tag: string | undefined): string | undefined {
  return tag !== undefined && /^"[\x21\x23-\x7e]{1,1000}"$/.test(tag) ? tag : undefined;
}
