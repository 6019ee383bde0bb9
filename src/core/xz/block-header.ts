/** The header of an xz block (xz-file-format.txt, 3.1), and the numbers of variable length that it and the index have. */
import { malformed, notRead, windowTooLarge } from './xz-refusal.ts';

export interface BlockHeader {
  readonly dictionarySize: number;
  /** What the header says of the block's data, where it does. */
  readonly compressedSize: number | undefined;
  readonly size: number | undefined;
}

/** `bytes` is the whole header, its CRC32 checked already and left out. Throws LayerError. */
export function readBlockHeader(bytes: Uint8Array, maxWindowBytes: number): BlockHeader {
  const flags = bytes[1] ?? 0;
  if ((flags & 0x3c) !== 0) throw malformed('a block has flags that there are not');
  const reader: Reader = { bytes, at: 2 };
  const compressedSize = (flags & 0x40) === 0 ? undefined : readNumber(reader);
  const size = (flags & 0x80) === 0 ? undefined : readNumber(reader);
  if (compressedSize === 0) throw malformed('a block says that it has no data');
  const filter = readNumber(reader);
  if ((flags & 3) !== 0 || filter !== lzma2Filter) {
    throw notRead(`the filter ${filterNames.get(filter) ?? `0x${filter.toString(16)}`}`);
  }
  if (readNumber(reader) !== 1) throw malformed('a block has no dictionary size');
  const dictionarySize = dictionarySizeOf(readByte(reader), maxWindowBytes);
  if (bytes.subarray(reader.at).some((byte) => byte !== 0)) {
    throw malformed('the padding of a header is not zeros');
  }
  return { dictionarySize, compressedSize, size };
}

/** 5.3. */
const lzma2Filter = 0x21;
const filterNames: ReadonlyMap<number, string> = new Map([
  [0x03, 'delta'],
  [0x04, 'x86'],
  [0x05, 'powerpc'],
  [0x06, 'ia64'],
  [0x07, 'arm'],
  [0x08, 'armthumb'],
  [0x09, 'sparc'],
  [0x0a, 'arm64'],
  [0x0b, 'riscv'],
]);

const leastDictionary = 4096;

/** 5.3.1: 2 or 3 times a power of two. */
function dictionarySizeOf(bits: number, maxWindowBytes: number): number {
  if (bits > 40) throw malformed('a block has a dictionary size that there is not');
  const size = bits === 40 ? 2 ** 32 - 1 : (2 | (bits & 1)) * 2 ** ((bits >> 1) + 11);
  if (size > maxWindowBytes) throw windowTooLarge(size, maxWindowBytes);
  return Math.max(size, leastDictionary);
}

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

function readByte(reader: Reader): number {
  const byte = reader.bytes[reader.at];
  if (byte === undefined) throw malformed('a header is too short');
  reader.at += 1;
  return byte;
}

/** 1.2: seven bits a byte, the lowest first, in no more bytes than it takes. */
function readNumber(reader: Reader): number {
  let value = 0;
  for (let place = 0; place < 9; place += 1) {
    const byte = readByte(reader);
    if (byte === 0 && place > 0) break;
    value += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) return value;
  }
  throw malformed('a number is written in a way that numbers are not');
}

/** As readNumber reads it. */
export function writeNumber(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}
