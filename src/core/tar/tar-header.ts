/**
 * Tar headers as we write them: ustar, with a PAX extended header only where a field does not fit (POSIX.1-2017, pax).
 * The bytes depend on the entry alone: no access or change time, process id or user name stands in them, and the
 * extended header itself has a fixed name. A change of any byte here is a change of layerFormat.
 *
 * - Names are bytes and stand as they are in the ustar field, UTF-8 or not; the prefix field takes the folders of a
 *   name of more than 100 bytes that has a slash in the right place, which GNU tar, bsdtar, Go's archive/tar and
 *   tar-stream all read alike. Any other name stands in a `path` record.
 * - Bytes that are no UTF-8 in a `path` or `linkpath` record come with `hdrcharset=BINARY`: bsdtar honours it, the
 *   others take the bytes as they are anyway.
 */
import { Bug } from '../diagnostic/bug.ts';
import { quoteText } from '../diagnostic/escape-text.ts';
import { fromBase64 } from '../digest/base64.ts';
import type { Timestamp, TreeEntry } from '../tree/file-tree.ts';
import { type ImagePath, pathToBytes } from '../tree/image-path.ts';
import { concatBytes } from './bytes.ts';
import { LayerError } from './layer-error.ts';
import { type PaxRecord, writePax, xattrPrefix } from './pax.ts';
import { formatPaxTime } from './pax-time.ts';
import { blockSize, checksumsOf, type Field, fields, paddingOf } from './tar-block.ts';
import { emptyMember, type Member, memberOf } from './tar-member.ts';
import { fitsOctal } from './tar-number.ts';

/** What ends a tar: two zero blocks. No padding to a record of 20 blocks follows, as in what docker and umoci write. */
export const endOfTar: Uint8Array = new Uint8Array(2 * blockSize);

/**
 * All header blocks of an entry; its content and paddingOf(size) zeros are to follow. Throws LayerError
 * `layer/whiteout-name` for a file that a layer would read as a whiteout, `layer/xattr-name` and
 * `layer/header-too-large` for attributes that no tar can hold. Most headers are one block, which stands in `room`,
 * 512 bytes that may be used again for the next one.
 */
export function writeHeader(entry: TreeEntry, room: Uint8Array = new Uint8Array(blockSize)): Uint8Array {
  const member = memberOf(entry);
  const placed = placeName(member.name);
  const records = recordsOf(member, placed);
  const block = writeBlock(room, member, placed ?? { prefix: noBytes, name: member.name.subarray(0, 100) });
  return records.length === 0 ? block : concatBytes([extendedHeader(writePax(records), entry.path), block]);
}

const noBytes = new Uint8Array(0);
interface PlacedName {
  readonly prefix: Uint8Array;
  readonly name: Uint8Array;
}

/** The name in the ustar fields, undefined where it does not fit: the longest prefix that leaves a name is taken. */
function placeName(name: Uint8Array): PlacedName | undefined {
  if (name.length <= fields.name.length) return { prefix: noBytes, name };
  // A folder's own slash at the end stays with the name.
  const slash = name.subarray(0, name.length - 1).lastIndexOf(0x2f, fields.prefix.length);
  const rest = name.length - slash - 1;
  if (slash <= 0 || rest > fields.name.length) return undefined;
  return { prefix: name.subarray(0, slash), name: name.subarray(slash + 1) };
}

/** A record for each field that its place in the ustar header cannot hold. */
function recordsOf(member: Member, placed: PlacedName | undefined): PaxRecord[] {
  const { name, link, uid, gid, size, mtime } = member;
  const longName = placed === undefined;
  const longLink = link.length > fields.link.length;
  const records: PaxRecord[] = [];
  if (longName) records.push({ key: 'path', value: name });
  if (longLink) records.push({ key: 'linkpath', value: link });
  if ((longName && !isText(name)) || (longLink && !isText(link)))
    records.push(textRecord('hdrcharset', 'BINARY'));
  if (!fitsOctal(uid, fields.uid.length)) records.push(textRecord('uid', String(uid)));
  if (!fitsOctal(gid, fields.gid.length)) records.push(textRecord('gid', String(gid)));
  if (!fitsOctal(size, fields.size.length)) records.push(textRecord('size', String(size)));
  if (!isPlainTime(mtime)) records.push(textRecord('mtime', formatPaxTime(mtime)));
  return [...records, ...Object.entries(member.xattrs).map(xattrRecord)];
}

function textRecord(key: string, value: string): PaxRecord {
  return { key, value: pathToBytes(value) };
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true });

function isText(bytes: Uint8Array): boolean {
  try {
    strictDecoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function isPlainTime(time: Timestamp): boolean {
  return (time.nanoseconds ?? 0) === 0 && fitsOctal(time.seconds, fields.mtime.length);
}

function xattrRecord([name, base64]: readonly [string, string]): PaxRecord {
  // The first `=` of a record ends its key, and readers know no escape that all of them undo.
  if (name === '' || name.includes('=') || name.includes('\0')) {
    throw new LayerError(
      'layer/xattr-name',
      `the extended attribute ${quoteText(name)} cannot stand in a tar`,
      {
        help: 'a name is not empty and has no `=` and no NUL',
      },
    );
  }
  const value = fromBase64(base64);
  if (value === undefined) throw new Bug(`the value of the extended attribute ${name} is not base64`);
  return { key: `${xattrPrefix}${name}`, value };
}

/** Go's archive/tar, with which every runtime reads layers, takes no extended header above 1 MiB. */
const maxExtendedBytes = 1024 * 1024;

function extendedHeader(records: Uint8Array, path: ImagePath): Uint8Array {
  if (records.length > maxExtendedBytes) {
    throw new LayerError(
      'layer/header-too-large',
      `packing ${quoteText(path)}: its extended attributes take ${records.length} bytes, and readers of layers take ${maxExtendedBytes}`,
      { help: 'give it fewer or shorter ones' },
    );
  }
  const member = { ...emptyMember, name: noBytes, type: 'x', mode: 0o644, size: records.length };
  const placed = { prefix: noBytes, name: pathToBytes('././@PaxHeader') };
  const block = writeBlock(new Uint8Array(blockSize), member, placed);
  return concatBytes([block, records, new Uint8Array(paddingOf(records.length))]);
}

/** One ustar block. A number that does not fit stands as 0 here and as itself in its record. */
function writeBlock(block: Uint8Array, member: Member, placed: PlacedName): Uint8Array {
  block.fill(0);
  block.set(placed.name, fields.name.at);
  writeOctal(block, fields.mode, member.mode);
  writeOctal(block, fields.uid, member.uid);
  writeOctal(block, fields.gid, member.gid);
  writeOctal(block, fields.size, member.size);
  writeOctal(block, fields.mtime, member.mtime.seconds);
  writeAscii(block, fields.typeflag, member.type);
  block.set(member.link.subarray(0, fields.link.length), fields.link.at);
  writeAscii(block, fields.magic, 'ustar\x0000');
  writeOctal(block, fields.major, member.major);
  writeOctal(block, fields.minor, member.minor);
  block.set(placed.prefix, fields.prefix.at);
  const checksum = checksumsOf(block).unsigned.toString(8).padStart(6, '0');
  writeAscii(block, fields.checksum, `${checksum}\0 `);
  return block;
}

/** Digits from the last to the first; each header has seven such fields, so no text is made of them. */
function writeOctal(block: Uint8Array, { at, length }: Field, value: number): void {
  let rest = fitsOctal(value, length) ? value : 0;
  for (let index = at + length - 2; index >= at; index -= 1) {
    block[index] = 0x30 + (rest % 8);
    // A shift sees 32 bits, and is all that most numbers need.
    rest = rest < 2 ** 31 ? rest >>> 3 : Math.floor(rest / 8);
  }
}

function writeAscii(block: Uint8Array, field: Field, text: string): void {
  for (let index = 0; index < text.length; index += 1) block[field.at + index] = text.charCodeAt(index);
}
