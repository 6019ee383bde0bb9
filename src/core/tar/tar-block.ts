/** The ustar header block, field by field (POSIX.1-2017 pax, ustar Interchange Format). */

export const blockSize = 512;

export interface Field {
  readonly at: number;
  readonly length: number;
}

export const fields = {
  name: { at: 0, length: 100 },
  mode: { at: 100, length: 8 },
  uid: { at: 108, length: 8 },
  gid: { at: 116, length: 8 },
  size: { at: 124, length: 12 },
  mtime: { at: 136, length: 12 },
  checksum: { at: 148, length: 8 },
  typeflag: { at: 156, length: 1 },
  link: { at: 157, length: 100 },
  magic: { at: 257, length: 8 },
  uname: { at: 265, length: 32 },
  gname: { at: 297, length: 32 },
  major: { at: 329, length: 8 },
  minor: { at: 337, length: 8 },
  prefix: { at: 345, length: 155 },
} as const satisfies Readonly<Record<string, Field>>;

export function fieldOf(block: Uint8Array, field: Field): Uint8Array {
  return block.subarray(field.at, field.at + field.length);
}

/** Bytes of zeros that bring `size` bytes of content to a whole block. */
export function paddingOf(size: number): number {
  return (blockSize - (size % blockSize)) % blockSize;
}

/** The sums of a block with its checksum field taken as spaces: of unsigned bytes, as POSIX says, and of signed ones. */
export function checksumsOf(block: Uint8Array): { readonly unsigned: number; readonly signed: number } {
  const { at, length } = fields.checksum;
  let unsigned = length * 0x20;
  let high = 0;
  for (let index = 0; index < blockSize; index += 1) {
    if (index === at) index += length;
    const byte = block[index] ?? 0;
    unsigned += byte;
    high += byte >> 7;
  }
  return { unsigned, signed: unsigned - 256 * high };
}

export function isZeroBlock(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}
