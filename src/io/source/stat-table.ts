/**
 * The file of a stat index, as compact as it is quick to read: a header, all paths as one text, then fixed-size columns.
 *
 *     "LWST" · version u32 · SHA-256 of what follows · length of context u32 · of paths u32 · count u32 · 0 u32 ·
 *     context · paths, each ended by NUL · padding to 8 · 8 columns of u64 · count digests of 32 bytes
 *
 * Numbers are little-endian; a machine with another byte order has its own file.
 */
import { type Digest, encodedOf, trustedDigest } from '../../core/digest/digest.ts';
import { pathFromBytes, pathToBytes } from '../../core/tree/image-path.ts';
import { nativeDigestOf } from '../store/native-hasher.ts';

export interface StatRecord {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly ino: bigint;
  readonly dev: bigint;
  readonly mode: bigint;
  /** Milliseconds since 1970, before the file was opened. */
  readonly readAt: number;
  /** Saves since the entry was last used. */
  readonly unused: number;
  readonly digest: Digest;
}

const magic = 'LWST';
const version = 1;
const headerLength = 4 + 4 + 32;
const columnCount = 8;
const digestLength = 32;

export function encodeStatTable(records: ReadonlyMap<string, StatRecord>, context: string): Uint8Array {
  const contextBytes = Buffer.from(pathToBytes(context));
  const paths = Buffer.from(pathToBytes([...records.keys()].map((path) => `${path}\0`).join('')));
  const lengths = Buffer.alloc(16);
  [contextBytes.length, paths.length, records.size].forEach((length, at) =>
    lengths.writeUInt32LE(length, at * 4),
  );
  const start = headerLength + lengths.length + contextBytes.length + paths.length;
  const padding = Buffer.alloc((8 - (start % 8)) % 8);
  const body = Buffer.concat([lengths, contextBytes, paths, padding, columnsOf(records), digestsOf(records)]);
  return Buffer.concat([Buffer.from(magic), versionBytes(), checksum(body), body]);
}

function versionBytes(): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(version);
  return bytes;
}

function checksum(body: Uint8Array): Buffer {
  return Buffer.from(encodedOf(nativeDigestOf(body)), 'hex');
}

function columnsOf(records: ReadonlyMap<string, StatRecord>): Buffer {
  const columns = new BigUint64Array(records.size * columnCount);
  let at = 0;
  for (const record of records.values()) {
    const { size, mtimeNs, ctimeNs, ino, dev, mode, readAt, unused } = record;
    columns.set([size, BigInt.asUintN(64, mtimeNs), BigInt.asUintN(64, ctimeNs), ino, dev, mode], at);
    columns.set([BigInt(Math.trunc(readAt)), BigInt(unused)], at + 6);
    at += columnCount;
  }
  return Buffer.from(columns.buffer);
}

function digestsOf(records: ReadonlyMap<string, StatRecord>): Buffer {
  return Buffer.from([...records.values()].map(({ digest }) => encodedOf(digest)).join(''), 'hex');
}

/** Undefined for anything that this version did not write for this context. */
export function decodeStatTable(file: Buffer, context: string): Map<string, StatRecord> | undefined {
  if (file.length < headerLength + 16 || file.toString('latin1', 0, 4) !== magic) return undefined;
  const body = file.subarray(headerLength);
  if (file.readUInt32LE(4) !== version || !checksum(body).equals(file.subarray(8, headerLength)))
    return undefined;
  const [contextLength, pathsLength, count] = [0, 4, 8].map((at) => body.readUInt32LE(at)) as [
    number,
    number,
    number,
  ];
  const pathsAt = 16 + contextLength;
  if (pathFromBytes(body.subarray(16, pathsAt)) !== context) return undefined;
  const columnsAt = alignedTo8(headerLength + pathsAt + pathsLength) - headerLength;
  const digestsAt = columnsAt + count * columnCount * 8;
  if (body.length !== digestsAt + count * digestLength) return undefined;
  const paths = pathFromBytes(body.subarray(pathsAt, pathsAt + pathsLength)).split('\0');
  const digests = body.toString('hex', digestsAt);
  return recordsOf(paths, { columns: bigintsOf(body.subarray(columnsAt, digestsAt)), digests, count });
}

function alignedTo8(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}

/** A copy, since a view of 8-byte numbers has to start at a multiple of 8. */
function bigintsOf(bytes: Buffer): BigUint64Array {
  return new BigUint64Array(new Uint8Array(bytes).buffer);
}

function recordsOf(
  paths: readonly string[],
  {
    columns,
    digests,
    count,
  }: { readonly columns: BigUint64Array; readonly digests: string; readonly count: number },
): Map<string, StatRecord> {
  const records = new Map<string, StatRecord>();
  for (let index = 0; index < count; index += 1) {
    const at = index * columnCount;
    const column = (offset: number): bigint => columns[at + offset] ?? 0n;
    records.set(paths[index] ?? '', {
      size: column(0),
      mtimeNs: BigInt.asIntN(64, column(1)),
      ctimeNs: BigInt.asIntN(64, column(2)),
      ino: column(3),
      dev: column(4),
      mode: column(5),
      readAt: Number(column(6)),
      unused: Number(column(7)),
      digest: trustedDigest(`sha256:${digests.slice(index * 64, index * 64 + 64)}`),
    });
  }
  return records;
}
