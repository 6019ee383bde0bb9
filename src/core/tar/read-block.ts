/**
 * Reads one header block: ustar, GNU or the old format before both. Whatever GNU tar, bsdtar and Go's archive/tar do
 * not read alike is refused, so that an image is what any other tool says it is.
 */
import { pathFromBytes } from '../tree/image-path.ts';
import { concatBytes, copyBytes } from './bytes.ts';
import { type LayerError, refusal } from './layer-error.ts';
import { checksumsOf, type Field, fieldOf, fields } from './tar-block.ts';
import { parseNumber } from './tar-number.ts';

export interface BlockFacts {
  /** One character; `\0` is an old regular file. */
  readonly type: string;
  /** Bytes up to the first NUL, the prefix joined. */
  readonly name: Uint8Array;
  readonly link: Uint8Array;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly major: number;
  readonly minor: number;
}

/** `offset` is for messages. The result holds no view of `block`. Throws LayerError. */
export function readBlock(block: Uint8Array, offset: number): BlockFacts {
  verifyChecksum(block, offset);
  const ownName = textOf(block, fields.name);
  const name = hasPrefix(block, offset) ? joinPrefix(textOf(block, fields.prefix), ownName) : ownName;
  const numberOf = (field: NumericField): number => {
    const value = parseNumber(fieldOf(block, fields[field]));
    if (value === undefined) throw badHeader(offset, name, `has a ${field} that is no number of tar`);
    return value;
  };
  return {
    type: String.fromCharCode(block[fields.typeflag.at] ?? 0),
    name,
    link: textOf(block, fields.link),
    mode: numberOf('mode'),
    uid: numberOf('uid'),
    gid: numberOf('gid'),
    size: numberOf('size'),
    mtime: numberOf('mtime'),
    major: numberOf('major'),
    minor: numberOf('minor'),
  };
}

type NumericField = 'mode' | 'uid' | 'gid' | 'size' | 'mtime' | 'major' | 'minor';

function badHeader(offset: number, name: Uint8Array, found: string): LayerError {
  return refusal('layer/bad-header', { offset, name: pathFromBytes(name), found });
}

function verifyChecksum(block: Uint8Array, offset: number): void {
  const stored = parseNumber(fieldOf(block, fields.checksum));
  const { unsigned, signed } = checksumsOf(block);
  if (stored === unsigned || stored === signed) return;
  throw refusal('layer/bad-header', { offset, found: 'has a wrong checksum' });
}

function textOf(block: Uint8Array, field: Field): Uint8Array {
  const bytes = fieldOf(block, field);
  const end = bytes.indexOf(0);
  return copyBytes(end < 0 ? bytes : bytes.subarray(0, end));
}

function joinPrefix(prefix: Uint8Array, name: Uint8Array): Uint8Array {
  return prefix.length === 0 ? name : concatBytes([prefix, Uint8Array.of(0x2f), name]);
}

const gnuFields = {
  atime: { at: 345, length: 12 },
  ctime: { at: 357, length: 12 },
} as const;

/** Whether the block's prefix field is one: POSIX has it, GNU has times there, the old format nothing. */
function hasPrefix(block: Uint8Array, offset: number): boolean {
  const magic = pathFromBytes(fieldOf(block, fields.magic));
  if (magic.startsWith('ustar\0')) {
    // star's own format keeps times in the second part of the prefix and says so here.
    if (!block.subarray(500).every((byte) => byte === 0)) throw unknownFormat(offset);
    return true;
  }
  if (magic === 'ustar  \0') {
    // Go takes what is no time here for a prefix that one of its own old releases wrote.
    const times = [gnuFields.atime, gnuFields.ctime].map((field) => parseNumber(fieldOf(block, field)));
    if (times.includes(undefined)) throw unknownFormat(offset);
    return false;
  }
  if (!/^\0*$/.test(magic)) throw unknownFormat(offset);
  return false;
}

function unknownFormat(offset: number): LayerError {
  return refusal('layer/bad-header', { offset, found: 'is neither of the ustar nor of the GNU format' });
}
