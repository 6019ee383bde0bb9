/**
 * PAX extended headers (POSIX.1-2017 pax, pax Extended Header): records `LENGTH KEY=VALUE\n`, where LENGTH counts the
 * whole record in bytes, itself included.
 */
import { comparePaths, pathFromBytes, pathToBytes } from '../tree/image-path.ts';
import { concatBytes, copyBytes } from './bytes.ts';

export interface PaxRecord {
  /** Bytes that are no UTF-8 are escaped as in ImagePath. */
  readonly key: string;
  readonly value: Uint8Array;
}

export type PaxRecords = ReadonlyMap<string, Uint8Array>;

export type PaxParse =
  { readonly ok: true; readonly records: PaxRecords } | { readonly ok: false; readonly reason: string };

/** Keys under this prefix hold extended attributes byte for byte; every reader of layers knows it. */
export const xattrPrefix = 'SCHILY.xattr.';

/** The records in byte order of their keys, whatever the order they came in. */
export function writePax(records: readonly PaxRecord[]): Uint8Array {
  const sorted = [...records].sort((a, b) => comparePaths(a.key, b.key));
  return concatBytes(sorted.map(writeRecord));
}

function writeRecord(record: PaxRecord): Uint8Array {
  const key = pathToBytes(record.key);
  const text = `${String(recordLength(key.length + record.value.length + 3))} `;
  return concatBytes([pathToBytes(text), key, pathToBytes('='), record.value, pathToBytes('\n')]);
}

/** The length of a record whose parts but the length itself take `rest` bytes. */
function recordLength(rest: number): number {
  const length = rest + String(rest).length;
  return rest + String(length).length;
}

/** All records; of two with one key the last counts, as in every reader. Values are copies. */
export function parsePax(bytes: Uint8Array): PaxParse {
  const records = new Map<string, Uint8Array>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 || space - at > 8 ? undefined : parseLength(bytes.subarray(at, space));
    if (length === undefined) return { ok: false, reason: 'whose length is not a decimal number' };
    const end = at + length;
    if (end > bytes.length || bytes[end - 1] !== 0x0a) return { ok: false, reason: 'whose length is wrong' };
    const record = splitRecord(bytes.subarray(space + 1, end - 1));
    if (typeof record === 'string') return { ok: false, reason: record };
    records.set(record.key, record.value);
    at = end;
  }
  return { ok: true, records };
}

function parseLength(digits: Uint8Array): number | undefined {
  const text = pathFromBytes(digits);
  return /^[1-9][0-9]*$/.test(text) ? Number(text) : undefined;
}

function splitRecord(bytes: Uint8Array): PaxRecord | string {
  const equals = bytes.indexOf(0x3d);
  if (equals <= 0) return 'without a key';
  const key = pathFromBytes(bytes.subarray(0, equals));
  const value = copyBytes(bytes.subarray(equals + 1));
  if (key.includes('\0')) return 'with a NUL in its key';
  if (value.includes(0) && !key.startsWith(xattrPrefix)) return 'with a NUL in its value';
  return { key, value };
}
