/** The check behind a block's data (xz-file-format.txt, 2.1.1.2). Each kind that xz writes is looked at. */
import { createCrc64 } from './crc64.ts';
import { malformed, notRead } from './xz-refusal.ts';

/** Sums that the surroundings have natively. */
export interface Sums {
  /** Of `bytes` behind those whose sum is `before`. */
  readonly crc32: (bytes: Uint8Array, before?: number) => number;
  readonly sha256: () => { update(bytes: Uint8Array): unknown; digest(): Uint8Array };
}

export interface ContentCheck {
  update(bytes: Uint8Array): void;
  /** The bytes that stand in the stream where the content is right. */
  expected(): Uint8Array;
}

export interface CheckKind {
  readonly name: string;
  readonly length: number;
  readonly create: () => ContentCheck;
}

/** Of the number in a stream's flags. Throws LayerError for one that is not known, as content would go unchecked. */
export function checkKind(flags: number, sums: Sums): CheckKind {
  switch (flags) {
    case 0:
      return { name: 'nothing', length: 0, create: () => noCheck };
    case 1:
      return { name: 'CRC32', length: 4, create: () => crc32Check(sums) };
    case 4:
      return { name: 'CRC64', length: 8, create: () => crc64Check() };
    case 10:
      return { name: 'SHA-256', length: 32, create: () => sha256Check(sums) };
    default:
      if (flags > 15) throw malformed('a header has flags that there are not');
      throw notRead(`the check ${flags}`);
  }
}

const noCheck: ContentCheck = { update: () => undefined, expected: () => new Uint8Array(0) };

function crc32Check({ crc32 }: Sums): ContentCheck {
  let sum = 0;
  return {
    update: (bytes) => {
      sum = crc32(bytes, sum);
    },
    expected: () => littleEndian(sum),
  };
}

export function littleEndian(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}

function crc64Check(): ContentCheck {
  const sum = createCrc64();
  return { update: (bytes) => sum.update(bytes), expected: () => sum.digest() };
}

function sha256Check({ sha256 }: Sums): ContentCheck {
  const hash = sha256();
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    expected: () => hash.digest(),
  };
}
