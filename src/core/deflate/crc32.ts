/** CRC-32 as gzip uses it (RFC 1952, section 8), eight bytes a turn, without node:. */

/** Continues a CRC over more bytes; 0 starts one. The result is 0..2^32-1. */
export type Crc32 = (bytes: Uint8Array, crc: number) => number;

const polynomial = 0xedb88320;
const slices = 8;
const tables = makeTables();

/** Table k at [k * 256 + byte] is the CRC of that byte followed by k zero bytes. */
function makeTables(): Int32Array {
  const made = new Int32Array(slices * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (polynomial & -(crc & 1));
    made[byte] = crc;
  }
  for (let at = 256; at < made.length; at += 1) {
    const shorter = made[at - 256] ?? 0;
    made[at] = (shorter >>> 8) ^ (made[shorter & 0xff] ?? 0);
  }
  return made;
}

export const crc32: Crc32 = (bytes, crc) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % slices);
  let value = ~crc;
  for (let at = 0; at < whole; at += slices) {
    value = fourBytes(view.getInt32(at, true) ^ value, 4) ^ fourBytes(view.getInt32(at + 4, true), 0);
  }
  for (const byte of bytes.subarray(whole)) value = (value >>> 8) ^ entry(0, (value ^ byte) & 0xff);
  return ~value >>> 0;
};

/** The CRC of four bytes (the first in the low bits) that `after` more bytes follow. */
function fourBytes(word: number, after: number): number {
  return (
    entry(after + 3, word & 0xff) ^
    entry(after + 2, (word >>> 8) & 0xff) ^
    entry(after + 1, (word >>> 16) & 0xff) ^
    entry(after, word >>> 24)
  );
}

function entry(table: number, byte: number): number {
  return tables[table * 256 + byte] ?? 0;
}
