/**
 * About how many bits a block with given counts takes: the entropy of both alphabets. All in whole numbers, since the
 * estimate decides where sub-blocks end and so reaches bytes.
 */
import { literalSymbols, logarithmsStart } from './memory-map';
import { distanceSymbolCount, usedLiteralSymbols } from './symbols';

/** Logarithms have this many bits behind the point. */
const fractionBits: u32 = 12;
const fractionCount: u32 = 1 << fractionBits;

/** u16[4096]: the binary logarithm of 1 + i / 4096, by squaring: whether a square passes 2 is the next bit. */
export function writeLogarithms(): void {
  const one: u64 = 1 << 30;
  for (let i: u32 = 0; i < fractionCount; i++) {
    let value = one + (<u64>i << (30 - fractionBits));
    let logarithm: u32 = 0;
    for (let bit: u32 = 0; bit <= fractionBits; bit++) {
      value = (value * value) >> 30;
      logarithm <<= 1;
      if (value < one << 1) continue;
      value >>= 1;
      logarithm |= 1;
    }
    store<u16>(i << 1, (logarithm + 1) >> 1, logarithmsStart);
  }
}

/** For the sum of two arrays of counts. */
export function estimateBits(counts: usize, more: usize): u64 {
  const distances = literalSymbols << 2;
  return (
    (alphabetBits(counts, more, usedLiteralSymbols) +
      alphabetBits(counts + distances, more + distances, distanceSymbolCount)) >>
    fractionBits
  );
}

/** n log n less the sum of each count's f log f, for counts that sum to n. */
function alphabetBits(counts: usize, more: usize, symbols: usize): u64 {
  let all: u32 = 0;
  let parts: u64 = 0;
  for (let at: usize = 0; at < symbols << 2; at += 4) {
    const times = load<u32>(counts + at) + load<u32>(more + at);
    all += times;
    parts += timesLogarithm(times);
  }
  return timesLogarithm(all) - parts;
}

// @ts-ignore: decorator
@inline
function timesLogarithm(times: u32): u64 {
  if (times == 0) return 0;
  const whole: u32 = 31 - <u32>clz(times);
  const normal = whole > fractionBits ? times >> (whole - fractionBits) : times << (fractionBits - whole);
  const fraction = <u32>load<u16>((normal & (fractionCount - 1)) << 1, logarithmsStart);
  return <u64>times * <u64>((whole << fractionBits) + fraction);
}
