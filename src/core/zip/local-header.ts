/**
 * The local header of a zip entry, which must say what the directory says: readers that stream go by the one, all others
 * by the other.
 */
import { equalBytes } from '../tar/bytes.ts';
import { readExtra, type ZipEntry } from './zip-entry.ts';
import { refusedEntry } from './zip-refusal.ts';

export const localBytes = 30;

const signature = 0x04034b50;
/** Sizes and sum stand behind the data. */
const laterFlag = 0x08;

/** How many bytes of name and extra fields follow the fixed ones. Throws LayerError. */
export function localRest(fixed: Uint8Array, entry: ZipEntry): number {
  const view = viewOf(fixed);
  const isSame =
    fixed.length === localBytes &&
    view.getUint32(0, true) === signature &&
    view.getUint16(6, true) === entry.flags &&
    view.getUint16(8, true) === (entry.method === 'stored' ? 0 : 8) &&
    view.getUint16(26, true) === entry.nameBytes.length;
  if (!isSame) throw contradicts(entry);
  return entry.nameBytes.length + view.getUint16(28, true);
}

/** `rest` is what localRest has counted. Throws LayerError. */
export function requireSameHeader(fixed: Uint8Array, rest: Uint8Array, entry: ZipEntry): void {
  if (!equalBytes(rest.subarray(0, entry.nameBytes.length), entry.nameBytes)) throw contradicts(entry);
  const view = viewOf(fixed);
  const large = readExtra(rest.slice(entry.nameBytes.length)).get(1);
  const found = {
    crc: view.getUint32(14, true),
    compressedSize: sizeOf(view.getUint32(18, true), large, 8),
    size: sizeOf(view.getUint32(22, true), large, 0),
  };
  const isLater = (entry.flags & laterFlag) !== 0;
  for (const key of ['crc', 'compressedSize', 'size'] as const) {
    if (found[key] === entry[key] || (isLater && found[key] === 0)) continue;
    throw contradicts(entry);
  }
}

/** 4.5.3: in a local header both sizes stand in the extra field for large files. */
function sizeOf(value: number, large: DataView | undefined, at: number): number {
  if (value !== 0xffffffff || large === undefined || large.byteLength < 16) return value;
  return large.getUint32(at, true) + large.getUint32(at + 4, true) * 2 ** 32;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function contradicts({ path }: ZipEntry): Error {
  return refusedEntry('layer/bad-zip', path, 'has a local header that contradicts the directory');
}
