/**
 * The content of a block: the rotations that its sorted bytes stand for are undone, and runs of four to 259 equal
 * bytes, which are written as four and a number, are written out.
 */
import type { SortedBlock } from './block-reader.ts';

const pieceBytes = 64 * 1024;

export interface Content {
  /** Pieces that are valid until the next is asked for. */
  readonly pieces: Iterable<Uint8Array>;
  /** Of all pieces; asked for after the last. */
  checksum(): number;
}

/** `sorted` has the bytes in its low eight bits, and is written to. */
export function contentOf({ origin, length }: SortedBlock, sorted: Uint32Array): Content {
  linkRotations(sorted, length);
  let sum = -1;
  function* pieces(): Generator<Uint8Array> {
    for (const piece of writtenOut(sorted, { origin, length })) {
      sum = sumOf(piece, sum);
      yield piece;
    }
  }
  return { pieces: pieces(), checksum: () => ~sum >>> 0 };
}

/** Above each byte: which place holds the byte that follows it in the content. */
function linkRotations(sorted: Uint32Array, length: number): void {
  const places = new Uint32Array(257);
  for (let at = 0; at < length; at += 1) {
    const above = ((sorted[at] ?? 0) & 0xff) + 1;
    places[above] = (places[above] ?? 0) + 1;
  }
  for (let byte = 1; byte < 256; byte += 1) places[byte] = (places[byte] ?? 0) + (places[byte - 1] ?? 0);
  for (let at = 0; at < length; at += 1) {
    const byte = (sorted[at] ?? 0) & 0xff;
    const place = places[byte] ?? 0;
    places[byte] = place + 1;
    sorted[place] = (sorted[place] ?? 0) | (at << 8);
  }
}

function* writtenOut(
  sorted: Uint32Array,
  { origin, length }: Pick<SortedBlock, 'origin' | 'length'>,
): Generator<Uint8Array> {
  // A run writes 259 bytes at most before it is looked whether the piece is full.
  const piece = new Uint8Array(pieceBytes + 260);
  let filled = 0;
  let place = (sorted[origin] ?? 0) >>> 8;
  let run = 0;
  let before = -1;
  for (let left = length; left > 0; left -= 1) {
    const entry = sorted[place] ?? 0;
    const byte = entry & 0xff;
    place = entry >>> 8;
    if (run === 4) {
      piece.fill(before, filled, filled + byte);
      filled += byte;
      run = 0;
      before = -1;
    } else {
      piece[filled] = byte;
      filled += 1;
      run = byte === before ? run + 1 : 1;
      before = byte;
    }
    if (filled < pieceBytes) continue;
    yield piece.subarray(0, filled);
    filled = 0;
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

let table: Int32Array | undefined;

/** CRC-32 with the highest bit first, which no library of sums has. */
function sumOf(bytes: Uint8Array, before: number): number {
  const sums = (table ??= makeTable());
  let sum = before;
  for (let at = 0; at < bytes.length; at += 1) {
    sum = (sum << 8) ^ (sums[(sum >>> 24) ^ (bytes[at] ?? 0)] ?? 0);
  }
  return sum;
}

function makeTable(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let sum = byte << 24;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum << 1) ^ (sum < 0 ? 0x04c11db7 : 0);
    return sum;
  });
}
