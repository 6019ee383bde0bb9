/**
 * What lstat said of many files, and their digests: rows of fixed size in two buffers, so that fifty thousand of them
 * are two objects, written to a file and read from it as they are.
 */
import { type Digest, encodedOf, trustedDigest } from '../../core/digest/digest.ts';

/** The part of BigIntStats that tells one state of a file from another. */
export interface FileStats {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly ino: bigint;
  readonly dev: bigint;
  readonly mode: bigint;
}

/** Whether nothing of a file has moved, as far as lstat can tell. */
export function sameStats(a: FileStats, b: FileStats): boolean {
  return (
    a.mtimeNs === b.mtimeNs &&
    a.ctimeNs === b.ctimeNs &&
    a.size === b.size &&
    a.ino === b.ino &&
    a.dev === b.dev &&
    a.mode === b.mode
  );
}

/** Columns of 8 bytes in a row: size, mtime, ctime, ino, dev, mode, readAt, unused. */
export const columnCount = 8;
/** Bytes of a digest; only sha256 stands here. */
export const digestLength = 32;

/** Times are signed, and a column holds 64 bits without a sign. */
const unsigned = (value: bigint): bigint => BigInt.asUintN(64, value);

/** Words of 4 bytes in a row without its digest, which are copied as they are: reading a column makes a bigint. */
const wordCount = columnCount * 2;

export class StatRows {
  length: number;
  #columns: BigUint64Array;
  /** The memory of the columns. */
  #words: Int32Array;
  #digests: Buffer;

  /** Empty; or what `columns` and `digests` hold, which belong to the rows from then on. */
  constructor(columns = new BigUint64Array(64 * columnCount), digests?: Buffer) {
    this.length = digests === undefined ? 0 : digests.length / digestLength;
    this.#columns = columns;
    this.#words = wordsOf(columns);
    this.#digests = digests ?? Buffer.allocUnsafeSlow(64 * digestLength);
  }

  /** The row that was added; what has no digest has zeros in its place. */
  push(stats: FileStats, digest?: Digest): number {
    const row = this.#add();
    const columns = this.#columns;
    const at = row * columnCount;
    columns[at] = stats.size;
    columns[at + 1] = unsigned(stats.mtimeNs);
    columns[at + 2] = unsigned(stats.ctimeNs);
    columns[at + 3] = stats.ino;
    columns[at + 4] = stats.dev;
    columns[at + 5] = stats.mode;
    columns[at + 6] = 0n;
    columns[at + 7] = 0n;
    if (digest === undefined) this.#digests.fill(0, row * digestLength, (row + 1) * digestLength);
    else this.#digests.write(encodedOf(digest), row * digestLength, 'hex');
    return row;
  }

  /** A row whose content is still to be set. */
  #add(): number {
    const row = this.length;
    if ((row + 1) * columnCount > this.#columns.length) this.#grow();
    this.length += 1;
    return row;
  }

  #grow(): void {
    const columns = new BigUint64Array(this.#columns.length * 2);
    columns.set(this.#columns);
    const digests = Buffer.allocUnsafeSlow(this.#digests.length * 2);
    this.#digests.copy(digests);
    this.#columns = columns;
    this.#words = wordsOf(columns);
    this.#digests = digests;
  }

  /** Whether the file is still what it was, as far as lstat can tell. */
  same(row: number, stats: FileStats): boolean {
    const columns = this.#columns;
    const at = row * columnCount;
    return (
      columns[at + 1] === unsigned(stats.mtimeNs) &&
      columns[at + 2] === unsigned(stats.ctimeNs) &&
      columns[at] === stats.size &&
      columns[at + 3] === stats.ino &&
      columns[at + 4] === stats.dev &&
      columns[at + 5] === stats.mode
    );
  }

  stats(row: number): FileStats {
    return {
      size: this.#column(row, 0),
      mtimeNs: this.#time(row, 1),
      ctimeNs: this.#time(row, 2),
      ino: this.#column(row, 3),
      dev: this.#column(row, 4),
      mode: this.#column(row, 5),
    };
  }

  #column(row: number, offset: number): bigint {
    return this.#columns[row * columnCount + offset] ?? 0n;
  }

  size(row: number): number {
    return Number(this.#column(row, 0));
  }

  mode(row: number): number {
    return Number(this.#column(row, 5));
  }

  /** As isRacy of the row's stats. */
  isRacy(row: number, readAt: number): boolean {
    return isRacy({ mtimeNs: this.#time(row, 1), ctimeNs: this.#time(row, 2) }, readAt);
  }

  #time(row: number, offset: number): bigint {
    return BigInt.asIntN(64, this.#column(row, offset));
  }

  digest(row: number): Digest {
    return trustedDigest(
      `sha256:${this.#digests.toString('hex', row * digestLength, (row + 1) * digestLength)}`,
    );
  }

  /** Milliseconds since 1970, before the file was opened. */
  readAt(row: number): number {
    return Number(this.#column(row, 6));
  }

  setReadAt(row: number, time: number): void {
    this.#columns[row * columnCount + 6] = BigInt(Math.trunc(time));
  }

  /** Saves since the row was last used. */
  unused(row: number): number {
    return Number(this.#column(row, 7));
  }

  setUnused(row: number, count: number): void {
    this.#columns[row * columnCount + 7] = BigInt(count);
  }

  /** Adds a row of other rows, digest and all; the row that was added. */
  take(other: StatRows, from: number): number {
    const row = this.#add();
    this.replace(row, other, from);
    return row;
  }

  /** Puts a row of other rows in the place of one. */
  replace(row: number, other: StatRows, from: number): void {
    const [words, theirs] = [this.#words, other.#words];
    const [at, start] = [row * wordCount, from * wordCount];
    for (let word = 0; word < wordCount; word += 1) words[at + word] = theirs[start + word] ?? 0;
    const digestAt = from * digestLength;
    other.#digests.copy(this.#digests, row * digestLength, digestAt, digestAt + digestLength);
  }

  /** The bytes of both buffers, one behind the other; views of them where nothing has to be copied. */
  bytes(): readonly [Uint8Array, Uint8Array] {
    const { buffer, byteOffset } = this.#columns;
    return [
      new Uint8Array(buffer, byteOffset, this.length * columnCount * 8),
      this.#digests.subarray(0, this.length * digestLength),
    ];
  }

  /** As `bytes`, of some rows, and a copy of its own. */
  copyOf(start: number, end: number): Uint8Array {
    const [columns, digests] = this.bytes();
    const columnBytes = columnCount * 8;
    return Buffer.concat([
      columns.subarray(start * columnBytes, end * columnBytes),
      digests.subarray(start * digestLength, end * digestLength),
    ]);
  }

  /** The rows in `bytes` of a file, which are copied: a view of 8-byte numbers has to start at a multiple of 8. */
  static from(bytes: Uint8Array, count: number): StatRows {
    const columns = new BigUint64Array(count * columnCount);
    new Uint8Array(columns.buffer).set(bytes.subarray(0, columns.byteLength));
    return new StatRows(columns, Buffer.from(bytes.subarray(columns.byteLength)));
  }
}

function wordsOf({ buffer, byteOffset, byteLength }: BigUint64Array): Int32Array {
  return new Int32Array(buffer, byteOffset, byteLength / 4);
}

/** Bytes of so many rows. */
export function rowBytes(count: number): number {
  return count * (columnCount * 8 + digestLength);
}

// Linux stamps files with a clock that ticks every 1 to 10 ms; FAT counts in 2 s, and others in whole seconds.
const fineTickMs = 100;
const coarseTickMs = 2_100;

/**
 * Whether a file was written so shortly before it was read that a second change in the same tick of the clock would
 * look like the first (git's rule: Documentation/technical/racy-git).
 */
export function isRacy(
  { mtimeNs, ctimeNs }: Pick<FileStats, 'mtimeNs' | 'ctimeNs'>,
  readAt: number,
): boolean {
  const latest = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  const tick = ctimeNs % 1_000_000_000n === 0n ? coarseTickMs : fineTickMs;
  return Number(latest / 1_000_000n) + tick >= readAt;
}
