/**
 * Codes from their lengths (RFC 1951, 3.2.2): codes of one length are consecutive in the order of their symbols, and
 * shorter codes come before longer ones. Codes are sent from their highest bit on (3.1.1), all else from the lowest,
 * so they are kept with their bits in reverse.
 */
import { lengthTalliesStart, nextCodesStart, reversedStart } from './memory-map';

const maxCodeBits: u32 = 15;

export function writeReversedBytes(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let reversed: u32 = 0;
    for (let bit: u32 = 0; bit < 8; bit++) reversed |= ((byte >> bit) & 1) << (7 - bit);
    store<u8>(reversedStart + byte, reversed);
  }
}

/** Reads u8[count] at `lengths`, writes u32[count] at `codes`: the code, and its length above bit 16. */
export function assignCodes(lengths: usize, count: usize, codes: usize): void {
  tallyLengths(lengths, count);
  findFirstCodes();
  for (let symbol: usize = 0; symbol < count; symbol++) {
    const length = <u32>load<u8>(lengths + symbol);
    store<u32>(codes + (symbol << 2), length == 0 ? 0 : takeCode(length) | (length << 16));
  }
}

/** Step 1 of the RFC's algorithm. */
function tallyLengths(lengths: usize, count: usize): void {
  memory.fill(lengthTalliesStart, 0, 16 * 4);
  for (let symbol: usize = 0; symbol < count; symbol++) {
    const at = (<usize>load<u8>(lengths + symbol)) << 2;
    store<u32>(at, load<u32>(at, lengthTalliesStart) + 1, lengthTalliesStart);
  }
  store<u32>(lengthTalliesStart, 0);
}

/** Step 2. */
function findFirstCodes(): void {
  let code: u32 = 0;
  for (let length: u32 = 1; length <= maxCodeBits; length++) {
    code = (code + load<u32>((length - 1) << 2, lengthTalliesStart)) << 1;
    store<u32>(length << 2, code, nextCodesStart);
  }
}

/** Step 3, for one symbol. */
function takeCode(length: u32): u32 {
  const code = load<u32>(length << 2, nextCodesStart);
  store<u32>(length << 2, code + 1, nextCodesStart);
  const high = (<u32>load<u8>(code & 255, reversedStart)) << 8;
  const low = <u32>load<u8>(code >> 8, reversedStart);
  return (high | low) >> (16 - length);
}
