/**
 * A store: blobs, which cannot be wrong, and results, which are small, versioned and disposable.
 * test/suites/store-suite.ts is the one conformance suite; every implementation runs it.
 */
import type { Digest } from '../../core/digest/digest.ts';

export interface BlobFacts {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/** What a caller knows of the bytes before it has them; a mismatch is StoreError `store/blob-mismatch`. */
export interface ExpectedBlob {
  /** Its algorithm is the one the blob is published under; without a digest that is sha256. */
  readonly digest?: Digest;
  readonly size?: number;
}

/** Writes one blob. Nothing is visible under its digest until `commit` has resolved; `abort` leaves nothing. */
export interface BlobWriter {
  /**
   * Hashes and writes synchronously; the buffer may be reused at once. More bytes than were expected are refused
   * when they come (`store/blob-mismatch`), so an endless body fills no disk.
   */
  write(bytes: Uint8Array): void;
  /**
   * Closes, verifies against what was expected, publishes durably. Publishing a digest that is there is no error.
   * A commit that fails leaves nothing, like `abort`.
   */
  commit(): Promise<BlobFacts>;
  /** Never throws; idempotent; harmless after commit. */
  abort(): void;
}

export interface BlobStore {
  /**
   * The size of a blob in bytes, or undefined where it is not there. What cannot be the blob (a folder, a link, an
   * empty file, one that may not be read) is quarantined and not there; the bytes themselves are verified by reading.
   */
  size(digest: Digest): Promise<number | undefined>;
  createWriter(expected?: ExpectedBlob): BlobWriter;
  /** Writes all bytes of one blob. */
  put(bytes: Uint8Array, expected?: ExpectedBlob): Promise<BlobFacts>;
  /**
   * The bytes, verified while they pass: a wrong blob is quarantined and the iteration throws StoreError
   * `store/blob-corrupt` at its end; a missing one throws `store/blob-missing`. Each chunk is the reader's to keep.
   */
  read(digest: Digest): AsyncIterable<Uint8Array>;
  /** All bytes, verified before they are returned; more than `limit` bytes is `store/blob-too-large`. */
  readAll(digest: Digest, limit: number): Promise<Uint8Array>;
  /** Every blob, in byte order of digests. */
  list(): AsyncIterable<BlobFacts>;
}

/** What delivering needs of a store: the bytes of an image that is whole there. */
export type BlobReader = Pick<BlobStore, 'size' | 'read' | 'readAll'>;

/**
 * Results by cache key: plain JSON with the version of their format inside. An unreadable or unknown record is a miss.
 * `kind` names the record's family: `layer`, `image`, `index`, `fetch`, `folders`, `builds`, `reference`.
 * A result proves nothing of its blobs: ask `blobs.size` for each before relying on it. Whatever digest stands in a
 * value, as a member's value or in a list, garbage collection keeps that blob as long as the result.
 */
export interface ResultCache {
  get(kind: string, key: Digest): Promise<unknown>;
  put(kind: string, key: Digest, value: unknown): Promise<void>;
}

export interface Store {
  readonly blobs: BlobStore;
  readonly results: ResultCache;
}
