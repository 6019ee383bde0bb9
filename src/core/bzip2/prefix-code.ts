/** The prefix codes of a block: lengths of 1 to 20 bits, written as differences, and the symbols that bits stand for. */
import type { BitSource } from './bit-source.ts';
import { malformed } from './bzip2-refusal.ts';

export const maxCodeLength = 20;

export interface PrefixCode {
  /** For each length: the first number of 20 bits that is no code of this length or a shorter one. */
  readonly limits: Int32Array;
  /** For each length: where its symbols stand, less the first code of the length. */
  readonly bases: Int32Array;
  readonly symbols: Uint16Array;
}

export function readPrefixCode(bits: BitSource, symbolCount: number): PrefixCode {
  const lengths = new Uint8Array(symbolCount);
  let length = bits.read(5);
  for (let symbol = 0; symbol < symbolCount; symbol += 1) {
    // No encoder goes up and down between two symbols, and none can be longer than the lengths are apart.
    for (let steps = 0; bits.read(1) === 1; steps += 1) {
      length += bits.read(1) === 1 ? -1 : 1;
      if (steps > maxCodeLength) throw malformed('the lengths of a code go round in circles');
    }
    if (length < 1 || length > maxCodeLength) throw malformed('a code has a length that there is not');
    lengths[symbol] = length;
  }
  return codeOf(lengths);
}

function codeOf(lengths: Uint8Array): PrefixCode {
  const limits = new Int32Array(maxCodeLength + 1);
  const bases = new Int32Array(maxCodeLength + 1);
  const symbols = new Uint16Array(lengths.length);
  let code = 0;
  let placed = 0;
  for (let length = 1; length <= maxCodeLength; length += 1) {
    bases[length] = placed - code;
    lengths.forEach((one, symbol) => {
      if (one !== length) return;
      symbols[placed] = symbol;
      placed += 1;
      code += 1;
    });
    limits[length] = code << (maxCodeLength - length);
    if (code > 1 << length) throw malformed('a code has more symbols than it has room for');
    code <<= 1;
  }
  return { limits, bases, symbols };
}

export function readSymbol(bits: BitSource, { limits, bases, symbols }: PrefixCode): number {
  const next = bits.peek();
  let length = 1;
  while (next >= (limits[length] ?? 0)) {
    length += 1;
    if (length > maxCodeLength) throw malformed('bits are no code');
  }
  bits.skip(length);
  return symbols[(next >>> (maxCodeLength - length)) + (bases[length] ?? 0)] ?? 0;
}
