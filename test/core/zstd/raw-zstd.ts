/** zstd frames written by hand (RFC 8878, 3.1.1), right and wrong ones. */

export interface RawFrame {
  /** Window_Descriptor; without it the frame is a single segment. */
  readonly window?: number;
  /** Frame_Content_Size and how many bytes it takes: 1, 2 (256 are added), 4 or 8. */
  readonly contentSize?: { readonly bytes: 1 | 2 | 4 | 8; readonly value: number };
  readonly dictionary?: Uint8Array;
  readonly reserved?: boolean;
  /** Content_Checksum. */
  readonly checksum?: number;
}

export type BlockType = 'raw' | 'repeated' | 'compressed' | 'reserved';
const blockTypes: readonly BlockType[] = ['raw', 'repeated', 'compressed', 'reserved'];

const magic = [0x28, 0xb5, 0x2f, 0xfd];

/** `blocks` come with their headers; see `block`. */
export function frame(header: RawFrame, ...blocks: readonly Uint8Array[]): Buffer {
  const { window, contentSize, dictionary = new Uint8Array(0), checksum } = header;
  const sizeFlag = { 1: 0, 2: 1, 4: 2, 8: 3 }[contentSize?.bytes ?? 1];
  const dictionaryFlag = { 0: 0, 1: 1, 2: 2, 4: 3 }[dictionary.length] ?? 0;
  const descriptor =
    (sizeFlag << 6) |
    (window === undefined ? 0x20 : 0) |
    (header.reserved === true ? 0x08 : 0) |
    (checksum === undefined ? 0 : 0x04) |
    dictionaryFlag;
  return Buffer.concat([
    Uint8Array.of(...magic, descriptor),
    window === undefined ? new Uint8Array(0) : Uint8Array.of(window),
    dictionary,
    contentSize === undefined ? new Uint8Array(0) : littleEndian(contentSize.value, contentSize.bytes),
    ...blocks,
    checksum === undefined ? new Uint8Array(0) : littleEndian(checksum, 4),
  ]);
}

/** `size` is the length of the body where it is left out. */
export function block(
  body: Uint8Array,
  { type = 'raw', size = body.length, last = true }: { type?: BlockType; size?: number; last?: boolean } = {},
): Buffer {
  const header = (last ? 1 : 0) | (blockTypes.indexOf(type) << 1) | (size << 3);
  return Buffer.concat([littleEndian(header, 3), body]);
}

export function skippable(content: Uint8Array, nibble = 0): Buffer {
  return Buffer.concat([
    Uint8Array.of(0x50 | nibble, 0x2a, 0x4d, 0x18),
    littleEndian(content.length, 4),
    content,
  ]);
}

function littleEndian(value: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes.subarray(0, length);
}
