/** The CRC-64 of ECMA-182, which xz writes by default: four bytes at a time, in two halves of 32 bits. */

export interface Crc64 {
  update(bytes: Uint8Array): void;
  /** Eight bytes, the lowest first. */
  digest(): Uint8Array;
}

/** Reversed, as all of this is: the lowest bit is the highest power. */
const polynomial = { low: 0xd7870f42, high: 0xc96c5795 };

interface Tables {
  /** Four tables of 256, one behind the other: of the last byte of four, of the one before it, and so on. */
  readonly low: Int32Array;
  readonly high: Int32Array;
}

let made: Tables | undefined;

export function createCrc64(): Crc64 {
  made ??= makeTables();
  const { low: lows, high: highs } = made;
  let low = -1;
  let high = -1;
  const takeByte = (byte: number): void => {
    const at = (low ^ byte) & 0xff;
    low = (low >>> 8) ^ (high << 24) ^ (lows[at] ?? 0);
    high = (high >>> 8) ^ (highs[at] ?? 0);
  };
  const takeFour = (word: number): void => {
    const mixed = low ^ word;
    const [a, b] = [768 + (mixed & 0xff), 512 + ((mixed >>> 8) & 0xff)];
    const [c, d] = [256 + ((mixed >>> 16) & 0xff), mixed >>> 24];
    low = high ^ (lows[a] ?? 0) ^ (lows[b] ?? 0) ^ (lows[c] ?? 0) ^ (lows[d] ?? 0);
    high = (highs[a] ?? 0) ^ (highs[b] ?? 0) ^ (highs[c] ?? 0) ^ (highs[d] ?? 0);
  };
  return {
    update: (bytes) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const fours = bytes.length & ~3;
      for (let at = 0; at < fours; at += 4) takeFour(view.getInt32(at, true));
      for (let at = fours; at < bytes.length; at += 1) takeByte(bytes[at] ?? 0);
    },
    digest: () => {
      const bytes = new Uint8Array(8);
      const view = new DataView(bytes.buffer);
      view.setInt32(0, ~low, true);
      view.setInt32(4, ~high, true);
      return bytes;
    },
  };
}

function makeTables(): Tables {
  const low = new Int32Array(1024);
  const high = new Int32Array(1024);
  for (let byte = 0; byte < 256; byte += 1) {
    let [l, h] = [byte, 0];
    for (let bit = 0; bit < 8; bit += 1) {
      const isOdd = (l & 1) === 1;
      l = (l >>> 1) ^ (h << 31) ^ (isOdd ? polynomial.low : 0);
      h = (h >>> 1) ^ (isOdd ? polynomial.high : 0);
    }
    low[byte] = l;
    high[byte] = h;
  }
  for (let at = 256; at < 1024; at += 1) {
    const [l, h] = [low[at - 256] ?? 0, high[at - 256] ?? 0];
    low[at] = (l >>> 8) ^ (h << 24) ^ (low[l & 0xff] ?? 0);
    high[at] = (h >>> 8) ^ (high[l & 0xff] ?? 0);
  }
  return { low, high };
}
