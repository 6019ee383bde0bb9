/**
 * xz streams one after another (xz-file-format.txt, 2): header, blocks, index, footer. What is said twice must be the
 * same both times: sizes in header, data and index, the index's own length, the flags.
 */
import { readBlockHeader, writeNumber } from './block-header.ts';
import { equalBytes } from '../tar/bytes.ts';
import { checkKind, type CheckKind, littleEndian, type Sums } from './content-check.ts';
import { type Input, maxStepBytes, type Steps } from './input.ts';
import { Lzma2Reader } from './lzma2-reader.ts';
import { malformed, trailingData, wrongChecksum } from './xz-refusal.ts';

export interface StreamSettings {
  readonly maxWindowBytes: number;
  readonly sums: Sums;
}

const magic = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const footerMagic = [0x59, 0x5a];

export function* readStreams(input: Input, settings: StreamSettings): Steps {
  const reader: Reader = { ...settings, input, lzma2: new Lzma2Reader(input) };
  for (let isFirst = true; ; isFirst = false) {
    input.mayEnd = !isFirst;
    yield 4;
    input.mayEnd = false;
    // 2.2: zeros, four at a time, may follow a stream.
    if (!isFirst && isZero(input.bytes.subarray(0, 4))) continue;
    if (!equalBytes(input.bytes.subarray(0, 4), Uint8Array.from(magic.slice(0, 4)))) {
      throw trailingData(input.position - 4);
    }
    yield* readStream(reader);
  }
}

interface Reader extends StreamSettings {
  readonly input: Input;
  readonly lzma2: Lzma2Reader;
}

/** What the index has to say of the blocks: their number, and their records as they are written there. */
interface Records {
  count: number;
  length: number;
  sum: number;
}

/** From behind the first four bytes on. */
function* readStream(reader: Reader): Steps {
  const { input, sums } = reader;
  yield 8;
  const { bytes } = input;
  if (bytes[0] !== magic[4] || bytes[1] !== magic[5]) throw malformed('a stream does not begin as xz does');
  requireSum(sums, bytes.subarray(2, 4), bytes.subarray(4, 8));
  if (bytes[2] !== 0) throw malformed('a header has flags that there are not');
  const flags = bytes[3] ?? 0;
  const kind = checkKind(flags, sums);
  const records: Records = { count: 0, length: 0, sum: 0 };
  for (;;) {
    yield 1;
    const first = bytes[0] ?? 0;
    if (first === 0) break;
    yield* readBlock(reader, { kind, records, headerLength: (first + 1) * 4 });
  }
  yield* readIndex(reader, records, flags);
}

interface BlockToRead {
  readonly kind: CheckKind;
  readonly records: Records;
  readonly headerLength: number;
}

/** From behind its first byte on, which says how long its header is. */
function* readBlock({ input, lzma2, sums, maxWindowBytes }: Reader, block: BlockToRead): Steps {
  const { kind, records, headerLength } = block;
  yield headerLength - 1;
  const rest = input.bytes.slice(0, headerLength - 1);
  const header = Uint8Array.of(headerLength / 4 - 1, ...rest.subarray(0, -4));
  requireSum(sums, header, rest.subarray(-4));
  const { dictionarySize, ...said } = readBlockHeader(header, maxWindowBytes);
  const check = kind.create();
  const start = input.position;
  let size = 0;
  for (const step of lzma2.read(dictionarySize)) {
    if (typeof step !== 'number') {
      check.update(step);
      size += step.length;
    }
    yield step;
  }
  const compressedSize = input.position - start;
  if ((said.compressedSize ?? compressedSize) !== compressedSize || (said.size ?? size) !== size) {
    throw malformed('a block has another size than its header says');
  }
  yield* readPadding(input, compressedSize);
  if (kind.length > 0) yield kind.length;
  if (!equalBytes(input.bytes.subarray(0, kind.length), check.expected())) throw wrongChecksum(kind.name);
  const record = [...writeNumber(headerLength + compressedSize + kind.length), ...writeNumber(size)];
  records.count += 1;
  records.length += record.length;
  records.sum = sums.crc32(Uint8Array.from(record), records.sum);
}

/** Zeros up to a multiple of four. */
function* readPadding({ bytes }: Input, length: number): Steps {
  const padding = -length & 3;
  if (padding === 0) return;
  yield padding;
  if (!isZero(bytes.subarray(0, padding))) throw malformed('the padding of a block or an index is not zeros');
}

/** 4, from behind its first byte on: its records are those of the blocks, held against them by their sum. */
function* readIndex({ input, sums }: Reader, records: Records, flags: number): Steps {
  const { bytes } = input;
  const count = Uint8Array.from(writeNumber(records.count));
  let sum = sums.crc32(Uint8Array.of(0, ...count));
  yield count.length;
  if (!equalBytes(bytes.subarray(0, count.length), count)) throw wrongIndex();
  let sumOfRecords = 0;
  for (let left = records.length; left > 0;) {
    const length = Math.min(left, maxStepBytes);
    yield length;
    sumOfRecords = sums.crc32(bytes.subarray(0, length), sumOfRecords);
    sum = sums.crc32(bytes.subarray(0, length), sum);
    left -= length;
  }
  if (sumOfRecords !== records.sum) throw wrongIndex();
  const length = 1 + count.length + records.length;
  const padding = -length & 3;
  yield* readPadding(input, length);
  yield 4;
  requireEqualSum(sums.crc32(new Uint8Array(padding), sum), bytes.subarray(0, 4));
  yield* readFooter({ input, sums }, { indexLength: length + padding + 4, flags });
}

function wrongIndex(): Error {
  return malformed('its index tells of other blocks than it has');
}

/** 2.1.2. */
function* readFooter(
  { input: { bytes }, sums }: Pick<Reader, 'input' | 'sums'>,
  { indexLength, flags }: { readonly indexLength: number; readonly flags: number },
): Steps {
  yield 12;
  requireSum(sums, bytes.subarray(4, 10), bytes.subarray(0, 4));
  const expected = [...littleEndian(indexLength / 4 - 1), 0, flags, ...footerMagic];
  if (!equalBytes(bytes.subarray(4, 12), Uint8Array.from(expected))) {
    throw malformed('its footer says something else than its header and its index');
  }
}

function requireSum({ crc32 }: Sums, bytes: Uint8Array, found: Uint8Array): void {
  requireEqualSum(crc32(bytes), found);
}

function requireEqualSum(sum: number, found: Uint8Array): void {
  if (!equalBytes(found, littleEndian(sum))) throw wrongChecksum('CRC32 of a header or an index');
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
