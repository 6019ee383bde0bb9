/**
 * What PAX records and header fields say of an entry's metadata, each value checked: a record counts before its field
 * (POSIX pax, pax Header Block). Records that hold nothing of an image (uname, atime, comment, LIBARCHIVE.…, ACLs) are
 * passed over, as Go's archive/tar and with it every container runtime does.
 */
import { toBase64 } from '../digest/base64.ts';
import type { Metadata, Timestamp } from '../tree/file-tree.ts';
import { comparePaths, pathFromBytes } from '../tree/image-path.ts';
import { refusal, type TarPlace } from './layer-error.ts';
import { type PaxRecords, xattrPrefix } from './pax.ts';
import { parsePaxTime } from './pax-time.ts';
import type { BlockFacts } from './read-block.ts';

export interface HeaderFacts {
  readonly block: BlockFacts;
  readonly pax: PaxRecords;
  readonly place: TarPlace;
}

const entryKeys: ReadonlySet<string> = new Set([
  'path',
  'linkpath',
  'size',
  'uid',
  'gid',
  'mtime',
  'hdrcharset',
]);
/** Keys of star that bsdtar honours and Go does not. */
const disputedKeys: ReadonlySet<string> = new Set([
  'SCHILY.devmajor',
  'SCHILY.devminor',
  'SCHILY.filetype',
  'SCHILY.realsize',
]);
const sparsePrefix = 'GNU.sparse.';
/** POSIX pax, hdrcharset. What the two mean, bytes as they are, is what every reader does anyway. */
const charsets: ReadonlySet<string> = new Set(['BINARY', 'ISO-IR 10646 2000 UTF-8']);

/** Whether a record of this key says something of an entry. */
export function describesEntry(key: string): boolean {
  return (
    entryKeys.has(key) ||
    disputedKeys.has(key) ||
    [xattrPrefix, sparsePrefix].some((it) => key.startsWith(it))
  );
}

/** Refuses records that readers understand differently. */
export function checkRecords(pax: PaxRecords, place: TarPlace): void {
  for (const [key, value] of pax) {
    if (key.startsWith(sparsePrefix))
      throw refusal('layer/sparse-file', { ...place, found: 'is a sparse file' });
    if (disputedKeys.has(key) || (entryKeys.has(key) && value.length === 0)) throw disputed(key, place);
    if (key === 'hdrcharset' && !charsets.has(pathFromBytes(value))) throw disputed(key, place);
    if (key === xattrPrefix) throw badRecord('an extended attribute without a name', place);
  }
}

function disputed(key: string, place: TarPlace): Error {
  const found = `has a PAX record \`${key}\` with a value that readers understand differently`;
  return refusal('layer/ambiguous-header', { ...place, found });
}

function badRecord(what: string, place: TarPlace): Error {
  return refusal('layer/bad-pax', { ...place, found: `has ${what} in its PAX records` });
}

/** Bytes of content: 0 or more, a safe integer. */
export function sizeOf(facts: HeaderFacts): number {
  return numberOf(facts, 'size', Number.MAX_SAFE_INTEGER);
}

export function metadataOf(facts: HeaderFacts): Metadata {
  const { block, pax, place } = facts;
  if (block.mode < 0) throw refusal('layer/bad-header', { ...place, found: 'has a negative mode' });
  const xattrs = xattrsOf(pax);
  return {
    // Some writers add the bits of the file's type (Go's FileInfoHeader before 1.9).
    mode: block.mode % 0o10000,
    uid: numberOf(facts, 'uid', maxId),
    gid: numberOf(facts, 'gid', maxId),
    mtime: mtimeOf(facts),
    ...(xattrs === undefined ? {} : { xattrs }),
  };
}

const maxId = 2 ** 32 - 1;

function numberOf({ block, pax, place }: HeaderFacts, key: 'size' | 'uid' | 'gid', max: number): number {
  const record = pax.get(key);
  const text = record === undefined ? undefined : pathFromBytes(record.subarray(0, 32));
  if (text !== undefined && !/^[0-9]{1,20}$/.test(text)) throw badRecord(`a ${key} that is no number`, place);
  const value = text === undefined ? block[key] : Number(text);
  if (value >= 0 && value <= max) return value;
  throw refusal('layer/bad-header', { ...place, found: `has a ${key} of ${value}, outside 0 to ${max}` });
}

function mtimeOf({ block, pax, place }: HeaderFacts): Timestamp {
  const record = pax.get('mtime');
  if (record === undefined) return { seconds: block.mtime };
  const time = parsePaxTime(pathFromBytes(record.subarray(0, 64)));
  if (time === undefined) throw badRecord('an mtime that is no number', place);
  return time;
}

function xattrsOf(pax: PaxRecords): Metadata['xattrs'] {
  const keys = [...pax.keys()].filter((key) => key.startsWith(xattrPrefix)).sort(comparePaths);
  if (keys.length === 0) return undefined;
  const value = (key: string): string => toBase64(pax.get(key) ?? new Uint8Array(0));
  // fromEntries defines members, so that `__proto__` is a name like any other.
  return Object.fromEntries(keys.map((key) => [key.slice(xattrPrefix.length), value(key)]));
}
