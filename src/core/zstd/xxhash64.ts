/**
 * XXH64 with seed 0, whose low four bytes a zstd frame ends in where it has a checksum (RFC 8878, 3.1.1). Stripes of 32
 * bytes are taken by 32-bit arithmetic, the end by BigInt, which is slower and shorter.
 */

export interface XxHash64 {
  update(bytes: Uint8Array): void;
  /** The low 32 bits of the hash of all bytes so far. */
  low32(): number;
}

const primes = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;
const [prime1, prime2, prime3, prime4, prime5] = primes;
const mask = 2n ** 64n - 1n;
const stripe = 32;

export function createXxHash64(): XxHash64 {
  return new PushedHash();
}

class PushedHash implements XxHash64 {
  /** Four lanes, the low half of each before the high one. */
  readonly #lanes = Int32Array.from(
    [prime1 + prime2, prime2, 0n, -prime1].flatMap((lane) => [
      Number(lane & 0xffffffffn),
      Number((lane >> 32n) & 0xffffffffn),
    ]),
    (half) => half | 0,
  );
  readonly #rest = new Uint8Array(stripe);
  #length = 0;

  update(bytes: Uint8Array): void {
    let at = 0;
    const filled = this.#length % stripe;
    this.#length += bytes.length;
    if (filled > 0) {
      at = Math.min(stripe - filled, bytes.length);
      this.#rest.set(bytes.subarray(0, at), filled);
      if (filled + at < stripe) return;
      takeStripes(this.#lanes, this.#rest);
    }
    const end = bytes.length - ((bytes.length - at) % stripe);
    takeStripes(this.#lanes, bytes.subarray(at, end));
    this.#rest.set(bytes.subarray(end));
  }

  low32(): number {
    const hash = (this.#merged() + BigInt(this.#length)) & mask;
    const mixed = takeRest(hash, this.#rest.subarray(0, this.#length % stripe));
    const first = ((mixed ^ (mixed >> 33n)) * prime2) & mask;
    const second = ((first ^ (first >> 29n)) * prime3) & mask;
    return Number((second ^ (second >> 32n)) & 0xffffffffn);
  }

  #merged(): bigint {
    if (this.#length < stripe) return prime5;
    const lanes = [0, 2, 4, 6].map((at) => laneOf(this.#lanes, at));
    const turns = [1n, 7n, 12n, 18n];
    const sum = lanes.reduce((all, lane, index) => all + rotate(lane, turns[index] ?? 0n), 0n) & mask;
    return lanes.reduce((hash, lane) => ((hash ^ round(lane)) * prime1 + prime4) & mask, sum);
  }
}

function laneOf(lanes: Int32Array, at: number): bigint {
  return (BigInt((lanes[at + 1] ?? 0) >>> 0) << 32n) | BigInt((lanes[at] ?? 0) >>> 0);
}

function rotate(value: bigint, turns: bigint): bigint {
  return ((value << turns) | (value >> (64n - turns))) & mask;
}

function round(input: bigint): bigint {
  return (rotate((input * prime2) & mask, 31n) * prime1) & mask;
}

/** Less than a stripe: words of eight bytes, one of four, single bytes. */
function takeRest(start: bigint, bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let hash = start;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    hash = (rotate(hash ^ round(view.getBigUint64(at, true)), 27n) * prime1 + prime4) & mask;
  }
  for (; at + 4 <= bytes.length; at += 4) {
    const word = (BigInt(view.getUint32(at, true)) * prime1) & mask;
    hash = (rotate(hash ^ word, 23n) * prime2 + prime3) & mask;
  }
  for (; at < bytes.length; at += 1) {
    const word = (BigInt(view.getUint8(at)) * prime5) & mask;
    hash = (rotate(hash ^ word, 11n) * prime1) & mask;
  }
  return hash;
}

function takeStripes(lanes: Int32Array, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; at += stripe) {
    for (let lane = 0; lane < 8; lane += 2) {
      const from = at + lane * 4;
      takeWord(lanes, lane, { low: view.getInt32(from, true), high: view.getInt32(from + 4, true) });
    }
  }
}

const [prime1Low, prime1High] = halves(prime1);
const [prime2Low, prime2High] = halves(prime2);

function halves(prime: bigint): readonly [number, number] {
  return [Number(prime & 0xffffffffn) | 0, Number(prime >> 32n) | 0];
}

/** A lane and eight bytes of input: lane + input · prime2, turned by 31, times prime1. */
function takeWord(
  lanes: Int32Array,
  lane: number,
  { low, high }: { readonly low: number; readonly high: number },
): void {
  const addedLow = Math.imul(low, prime2Low);
  const addedHigh = carried(low, prime2Low) + Math.imul(low, prime2High) + Math.imul(high, prime2Low);
  const sumLow = ((lanes[lane] ?? 0) >>> 0) + (addedLow >>> 0);
  const sumHigh = (lanes[lane + 1] ?? 0) + addedHigh + (sumLow > 0xffffffff ? 1 : 0);
  const turnedLow = (sumHigh >>> 1) | (sumLow << 31);
  const turnedHigh = ((sumLow | 0) >>> 1) | (sumHigh << 31);
  lanes[lane] = Math.imul(turnedLow, prime1Low);
  lanes[lane + 1] =
    (carried(turnedLow, prime1Low) + Math.imul(turnedLow, prime1High) + Math.imul(turnedHigh, prime1Low)) | 0;
}

/** The high half of the product of two halves. */
function carried(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const first = aHigh * bLow + ((aLow * bLow) >>> 16);
  const second = aLow * bHigh + (first & 0xffff);
  return aHigh * bHigh + (first >>> 16) + (second >>> 16);
}
