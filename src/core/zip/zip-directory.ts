/**
 * The central directory of a zip file (APPNOTE.TXT 6.3.10, 4.3 and 4.4), strictly: what zip readers understand
 * differently is refused. The end record closes the file, the directory stands right before it, no two entries share a
 * byte, and no two share a path.
 */
import { LayerError, limitHelp } from '../tar/layer-error.ts';
import type { TarLimits } from '../tar/tar-entry.ts';
import { readEntry, type ZipEntry } from './zip-entry.ts';
import { malformed, refusedEntry, truncatedZip } from './zip-refusal.ts';

/** Where the directory is, as the end of the file says. */
export interface DirectoryPlace {
  readonly offset: number;
  readonly size: number;
  readonly count: number;
}

/** An end record has a comment of 64 KiB at most; a record and a locator for large files stand before it. */
export const endBytes = 22 + 65_535 + 20 + 56;

const maxDirectoryBytes = 64 * 1024 * 1024;
const endSignature = 0x06054b50;
const locatorSignature = 0x07064b50;
const largeEndSignature = 0x06064b50;

/** `end` are the last bytes of a file of `fileSize` bytes: endBytes of them, or all. Throws LayerError. */
export function locateDirectory(end: Uint8Array, fileSize: number): DirectoryPlace {
  const view = viewOf(end);
  const at = endRecordAt(view);
  const disks = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)];
  if (disks.some((disk) => disk !== 0 && disk !== 0xffff)) throw malformed('it is a part of several');
  const place = {
    count: view.getUint16(at + 10, true),
    size: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
  };
  const isLarge = at >= 20 && view.getUint32(at - 20, true) === locatorSignature;
  const start = fileSize - end.length;
  return isLarge
    ? largePlace(view, { at: at - 20, start, place })
    : checkPlace(place, { end: start + at, entriesOnDisk: view.getUint16(at + 8, true) });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The one end record whose comment ends with the file. */
function endRecordAt(view: DataView): number {
  const found: number[] = [];
  for (let at = view.byteLength - 22; at >= 0 && at >= view.byteLength - 22 - 65_535; at -= 1) {
    if (view.getUint32(at, true) !== endSignature) continue;
    if (at + 22 + view.getUint16(at + 20, true) === view.byteLength) found.push(at);
  }
  const [only, ...others] = found;
  if (only === undefined) throw truncatedZip();
  if (others.length > 0) throw malformed('it has two ends');
  return only;
}

function checkPlace(
  place: DirectoryPlace,
  { end, entriesOnDisk }: { readonly end: number; readonly entriesOnDisk: number },
): DirectoryPlace {
  if (entriesOnDisk !== place.count) throw malformed('it is a part of several');
  if (place.offset + place.size !== end) throw malformed('its directory does not stand right before its end');
  if (place.size > maxDirectoryBytes) {
    throw new LayerError('layer/header-too-large', `the directory of the zip file has ${place.size} bytes`, {
      help: limitHelp('maxDirectoryBytes', maxDirectoryBytes),
    });
  }
  return place;
}

/** 4.3.14 and 4.3.15: the record for large files stands right before its locator. */
function largePlace(
  view: DataView,
  { at, start, place }: { readonly at: number; readonly start: number; readonly place: DirectoryPlace },
): DirectoryPlace {
  const record = at - 56;
  const isThere = record >= 0 && view.getUint32(record, true) === largeEndSignature;
  const offset = numberAt(view, at + 8);
  if (!isThere || offset !== start + record || numberAt(view, record + 4) !== 44) {
    throw malformed('its record for large files is not where it should be');
  }
  const large = {
    count: numberAt(view, record + 32),
    size: numberAt(view, record + 40),
    offset: numberAt(view, record + 48),
  };
  const isSame =
    [large.count, 0xffff].includes(place.count) &&
    [large.size, 0xffffffff].includes(place.size) &&
    [large.offset, 0xffffffff].includes(place.offset);
  if (!isSame) throw malformed('its two ends say different things');
  return checkPlace(large, { end: start + record, entriesOnDisk: numberAt(view, record + 24) });
}

function numberAt(view: DataView, at: number): number {
  const value = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
  if (!Number.isSafeInteger(value)) throw malformed('a number is larger than any file');
  return value;
}

/** The entries in the order of the directory, whose bytes are `directory`. Throws LayerError. */
export function readDirectory(
  directory: Uint8Array,
  place: DirectoryPlace,
  limits: TarLimits,
): readonly ZipEntry[] {
  if (place.count > limits.maxEntries) throw tooManyEntries(limits);
  const entries: ZipEntry[] = [];
  let at = 0;
  while (entries.length < place.count) {
    const { entry, length } = readEntry(directory.subarray(at));
    entries.push(entry);
    at += length;
  }
  if (at !== directory.length) throw malformed('its directory has another size than its entries');
  requireApart(entries, place.offset);
  requireUnique(entries);
  return entries;
}

function tooManyEntries({ maxEntries }: TarLimits): LayerError {
  const message = `the zip file has more than ${maxEntries} entries`;
  return new LayerError('layer/too-many-entries', message, { help: limitHelp('maxEntries', maxEntries) });
}

/** As far as the directory tells: a local header has 30 bytes and the name at least. */
function requireApart(entries: readonly ZipEntry[], end: number): void {
  const sorted = [...entries].sort((a, b) => a.offset - b.offset);
  sorted.forEach((entry, index) => {
    const next = sorted[index + 1]?.offset ?? end;
    if (entry.offset + 30 + entry.nameBytes.length + entry.compressedSize > next) throw overlapping(entry);
  });
}

/** Such zips unpack to far more than they hold. */
export function overlapping({ path }: Pick<ZipEntry, 'path'>): LayerError {
  return refusedEntry('layer/bad-zip', path, 'shares bytes with what stands behind it');
}

function requireUnique(entries: readonly ZipEntry[]): void {
  const paths = new Set<string>();
  for (const { path } of entries) {
    if (paths.has(path)) throw refusedEntry('layer/bad-zip', path, 'is there twice');
    paths.add(path);
  }
}
