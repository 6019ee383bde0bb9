/** Tables of finite state entropy (RFC 8878, 4.1.1): how they are written, and the states that they decode by. */
import { malformed } from './zstd-refusal.ts';

/** For each state: the symbol, and how the next state is found: `base` and so many bits more. */
export interface FseTable {
  readonly accuracy: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly bases: Uint16Array;
}

export interface FseLimits {
  readonly maxAccuracy: number;
  readonly maxSymbol: number;
}

/** The table that is written from `start` on, and where it ends. Throws LayerError. */
export function readFseTable(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  limits: FseLimits,
): { readonly table: FseTable; readonly end: number } {
  const bits = createForwardBits(bytes, start);
  const accuracy = bits.read(4) + 5;
  if (accuracy > limits.maxAccuracy) throw malformed('the accuracy of an FSE table is too high');
  const counts: number[] = [];
  let left = 1 << accuracy;
  while (left > 0 && counts.length <= limits.maxSymbol) {
    const count = readCount(bits, left);
    left -= Math.abs(count);
    counts.push(count);
    if (count === 0) readZeros(bits, counts);
  }
  if (left !== 0 || counts.length > limits.maxSymbol + 1) {
    throw malformed('the probabilities of an FSE table do not add up');
  }
  if (bits.end() > end) throw malformed('an FSE table is cut off');
  return { table: fseTable(counts, accuracy), end: bits.end() };
}

/** Small values take one bit less, so that no value is wasted. The value is one more than the probability; -1 is "less than one". */
function readCount(bits: ForwardBits, left: number): number {
  const length = 32 - Math.clz32(left + 1);
  const low = (1 << (length - 1)) - 1;
  const spare = (1 << length) - 1 - (left + 1);
  const value = bits.peek(length);
  if ((value & low) < spare) {
    bits.skip(length - 1);
    return (value & low) - 1;
  }
  bits.skip(length);
  return (value > low ? value - spare : value) - 1;
}

/** Two bits say how many zeros follow; 3 says that two bits more do. */
function readZeros(bits: ForwardBits, counts: number[]): void {
  for (let more = 3; more === 3;) {
    more = bits.read(2);
    for (let zero = 0; zero < more; zero += 1) counts.push(0);
    if (counts.length > 256) throw malformed('an FSE table has too many symbols');
  }
}

/** From probabilities, -1 for "less than one", which together make 2 to the power of `accuracy`. */
export function fseTable(counts: readonly number[], accuracy: number): FseTable {
  const size = 1 << accuracy;
  const symbols = spread(counts, size);
  const next = counts.map((count) => Math.abs(count));
  const bits = new Uint8Array(size);
  const bases = new Uint16Array(size);
  for (let state = 0; state < size; state += 1) {
    const symbol = symbols[state] ?? 0;
    const turn = next[symbol] ?? 1;
    next[symbol] = turn + 1;
    const length = accuracy - (31 - Math.clz32(turn));
    bits[state] = length;
    bases[state] = (turn << length) - size;
  }
  return { accuracy, symbols, bits, bases };
}

/** "Less than one" stands at the end; the others are strewn over what is left, by a step that meets every place once. */
function spread(counts: readonly number[], size: number): Uint8Array {
  const symbols = new Uint8Array(size);
  let high = size;
  counts.forEach((count, symbol) => {
    if (count === -1) symbols[(high -= 1)] = symbol;
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  counts.forEach((count, symbol) => {
    for (let times = 0; times < count; times += 1) {
      symbols[at] = symbol;
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  });
  return symbols;
}

/** RLE_Mode (3.1.1.3.2.1.1): one symbol, always. */
export function constantTable(symbol: number): FseTable {
  return {
    accuracy: 0,
    symbols: Uint8Array.of(symbol),
    bits: Uint8Array.of(0),
    bases: Uint16Array.of(0),
  };
}

interface ForwardBits {
  /** At most 16 bits. */
  peek(count: number): number;
  skip(count: number): void;
  read(count: number): number;
  /** Where the byte after the last one that was begun stands. */
  end(): number;
}

function createForwardBits(bytes: Uint8Array, start: number): ForwardBits {
  let at = start * 8;
  const byte = (index: number): number => bytes[index] ?? 0;
  const peek = (count: number): number => {
    const first = at >> 3;
    const word = byte(first) | (byte(first + 1) << 8) | (byte(first + 2) << 16);
    return (word >> (at & 7)) & ((1 << count) - 1);
  };
  const skip = (count: number): void => {
    at += count;
  };
  const read = (count: number): number => {
    const value = peek(count);
    skip(count);
    return value;
  };
  return { peek, skip, read, end: () => (at + 7) >> 3 };
}
