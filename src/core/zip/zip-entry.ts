/**
 * One entry of a zip file's central directory: name, type, mode, time, and where its data is. Modes and links are those
 * of Unix where a Unix made it, otherwise 0644 and 0755; times are UTC, of the extended timestamp or else of DOS, which
 * has no zone: the machine's own never matters. Owners are 0:0, since only an extra of Info-ZIP's has others.
 */
import { type ImagePath, parseImagePath, pathFromBytes } from '../tree/image-path.ts';
import { codePage437 } from './code-page-437.ts';
import { malformed, refusedEntry } from './zip-refusal.ts';

export interface ZipEntry {
  readonly path: ImagePath;
  readonly nameBytes: Uint8Array;
  readonly type: 'file' | 'directory' | 'symlink';
  readonly mode: number;
  /** UTC seconds. */
  readonly mtime: number;
  readonly flags: number;
  readonly method: 'stored' | 'deflated';
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Where its local header stands. */
  readonly offset: number;
}

const signature = 0x02014b50;
const fixedBytes = 46;

/** What stands at the begin of `bytes`, and how long it is. Throws LayerError. */
export function readEntry(bytes: Uint8Array): { readonly entry: ZipEntry; readonly length: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < fixedBytes || view.getUint32(0, true) !== signature) throw cut();
  const nameLength = view.getUint16(28, true);
  const extraLength = view.getUint16(30, true);
  const length = fixedBytes + nameLength + extraLength + view.getUint16(32, true);
  if (length > bytes.length) throw cut();
  const nameBytes = bytes.slice(fixedBytes, fixedBytes + nameLength);
  const extra = readExtra(bytes.subarray(fixedBytes + nameLength, fixedBytes + nameLength + extraLength));
  const flags = view.getUint16(8, true);
  const text = nameOf(nameBytes, { flags, isUnix: isUnix(view) });
  const entry = {
    ...sizesOf(view, extra),
    ...nodeOf(view, text),
    nameBytes,
    flags,
    method: methodOf(view, text),
    mtime: extendedTime(extra) ?? dosTime(view.getUint16(14, true), view.getUint16(12, true)),
    crc: view.getUint32(16, true),
  };
  requireReadable(entry, text);
  return { entry, length };
}

function cut(): Error {
  return malformed('its directory has fewer entries than its end says');
}

type Extra = ReadonlyMap<number, DataView>;

/** 4.5: numbered pieces; the first of a number counts, as everywhere. */
export function readExtra(bytes: Uint8Array): Extra {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const extra = new Map<number, DataView>();
  for (let at = 0; at + 4 <= bytes.length;) {
    const [id, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    if (at + 4 + length > bytes.length) throw malformed('an extra field is cut');
    if (!extra.has(id)) extra.set(id, new DataView(bytes.buffer, bytes.byteOffset + at + 4, length));
    at += 4 + length;
  }
  return extra;
}

/**
 * Appendix D: UTF-8 where the flag says so, else code page 437; but Info-ZIP and Python write the bytes that a Unix has,
 * and those stay as they are.
 */
function nameOf(
  bytes: Uint8Array,
  { flags, isUnix }: { readonly flags: number; readonly isUnix: boolean },
): string {
  const isUtf8 = (flags & 0x800) !== 0;
  if (!isUtf8 && !isUnix) return codePage437(bytes);
  const text = pathFromBytes(bytes);
  if (!isUtf8 || text.isWellFormed()) return text;
  throw refusedEntry('layer/bad-zip', text, 'says that its name is UTF-8, and it is not');
}

/** 4.5.3: where a size does not fit its field, it stands in an extra field, in this order. */
function sizesOf(view: DataView, extra: Extra): Pick<ZipEntry, 'size' | 'compressedSize' | 'offset'> {
  const large = extra.get(1);
  let at = 0;
  const numberOf = (field: number): number => {
    const value = view.getUint32(field, true);
    if (value !== 0xffffffff || large === undefined) return value;
    if (at + 8 > large.byteLength) throw malformed('an extra field for large files is cut');
    const number = large.getUint32(at, true) + large.getUint32(at + 4, true) * 2 ** 32;
    at += 8;
    if (!Number.isSafeInteger(number)) throw malformed('a number is larger than any file');
    return number;
  };
  const [size, compressedSize, offset] = [numberOf(24), numberOf(20), numberOf(42)];
  return { size, compressedSize, offset };
}

/** 4.4.2: Unix and macOS. */
function isUnix(view: DataView): boolean {
  return [3, 19].includes(view.getUint8(5));
}

const types: Readonly<Record<number, ZipEntry['type']>> = {
  0: 'file',
  0o04: 'directory',
  0o10: 'file',
  0o12: 'symlink',
};

function nodeOf(view: DataView, text: string): Pick<ZipEntry, 'path' | 'type' | 'mode'> {
  const path = pathOf(text);
  const unix = isUnix(view) ? view.getUint16(40, true) : 0;
  const said = types[unix >>> 12];
  if (said === undefined) throw refusedEntry('layer/unknown-type', text, 'is neither file, folder nor link');
  const type = text.endsWith('/') ? 'directory' : said;
  if (type !== said && unix >>> 12 !== 0) {
    throw refusedEntry('layer/bad-zip', text, 'is a folder by its name and none by its mode');
  }
  const mode = unix === 0 ? (type === 'directory' ? 0o755 : 0o644) : unix & 0o7777;
  return { path, type, mode };
}

function pathOf(text: string): ImagePath {
  if (text.startsWith('/') || /^[A-Za-z]:/.test(text)) {
    throw refusedEntry('layer/path-escapes', text, 'has an absolute name');
  }
  if (text.includes('\\')) {
    throw refusedEntry(
      'layer/bad-zip',
      text,
      'has a backslash in its name, which readers understand differently',
    );
  }
  const parsed = parseImagePath(text);
  if (parsed.ok && (parsed.path !== '' || text === './')) return parsed.path;
  if (!parsed.ok && parsed.reason === 'parent-component') {
    throw refusedEntry('layer/path-escapes', text, 'has a `..` in its name');
  }
  throw refusedEntry('layer/bad-zip', text, 'has a name that no file can have');
}

function methodOf(view: DataView, text: string): ZipEntry['method'] {
  const method = view.getUint16(10, true);
  if (method === 0) return 'stored';
  if (method === 8) return 'deflated';
  throw refusedEntry(
    'layer/compression-unknown',
    text,
    `is compressed by method ${method}, which is not read here`,
  );
}

/** Flags that say: encrypted, strongly encrypted, patched, its header hidden. */
const encryptedFlags = 0x2041;
const patchedFlag = 0x20;
const longestLink = 4095;

function requireReadable({ flags, method, type, size, compressedSize }: ZipEntry, text: string): void {
  if ((flags & encryptedFlags) !== 0) throw refusedEntry('layer/zip-encrypted', text, 'is encrypted');
  if ((flags & patchedFlag) !== 0) throw refusedEntry('layer/bad-zip', text, 'is a patch of another file');
  if (method === 'stored' && size !== compressedSize) {
    throw refusedEntry('layer/bad-zip', text, 'is stored with another size than its own');
  }
  if (type === 'directory' && size !== 0)
    throw refusedEntry('layer/bad-zip', text, 'is a folder with content');
  if (type === 'symlink' && (size === 0 || size > longestLink)) {
    throw refusedEntry('layer/bad-zip', text, 'is a link that no file system can have');
  }
}

/** The extra field `UT` of Info-ZIP: a signed number of seconds, there where its first flag says so. */
function extendedTime(extra: Extra): number | undefined {
  const field = extra.get(0x5455);
  if (field === undefined || field.byteLength < 5 || (field.getUint8(0) & 1) === 0) return undefined;
  return field.getInt32(1, true);
}

/** 4.4.6: seconds in twos, years from 1980; a time that there is not is 1980 itself. */
function dosTime(date: number, time: number): number {
  const [year, month, day] = [1980 + (date >>> 9), (date >>> 5) & 15, date & 31];
  const [hours, minutes, seconds] = [time >>> 11, (time >>> 5) & 63, (time & 31) * 2];
  const isTime = month >= 1 && month <= 12 && day >= 1 && hours < 24 && minutes < 60 && seconds < 60;
  return (isTime ? Date.UTC(year, month - 1, day, hours, minutes, seconds) : Date.UTC(1980, 0, 1)) / 1000;
}
