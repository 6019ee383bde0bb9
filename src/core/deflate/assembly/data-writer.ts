/**
 * Sends the sequences of a block with given codes. The inner loop of the encoder's second half: everything that can
 * be is put together before it, so that a match is two loads and one store, and so are four literals.
 */
import { resumeOutput, outputPosition, waitingOutputBits, waitingOutputCount, writeBits } from './bit-writer';
import {
  distanceBasesStart,
  distanceExtrasStart,
  distanceWordsStart,
  lengthBasesStart,
  lengthExtrasStart,
  lengthSymbolsStart,
  lengthWordsStart,
  literalSymbols,
  literalWordsStart,
  maxMatchBytes,
} from './memory-map';
import { distanceOf, lengthOf, literalsOf, symbolOf } from './sequences';
import { distanceSymbolCount, endOfBlock, firstLengthSymbol } from './symbols';

/** `codes` has u32[288] for literals and lengths, then u32[32] for distances. Ends with the end of the block. */
export function writeData(at: usize, end: usize, input: usize, codes: usize): void {
  memory.copy(literalWordsStart, codes, 256 * 4);
  makeLengthWords(codes + firstLengthSymbol * 4);
  makeDistanceWords(codes + literalSymbols * 4);
  writeSequences(at, end, input);
  const code = load<u32>(codes + endOfBlock * 4);
  writeBits(code & 0xffff, code >> 16);
}

/** Code, then extra bits, in the low 24 bits; how many they are, at most 14 + 5, above. */
function makeLengthWords(codes: usize): void {
  for (let length: u32 = 3; length <= <u32>maxMatchBytes; length++) {
    const symbol = <u32>load<u8>(length, lengthSymbolsStart);
    const code = load<u32>(codes + (symbol << 2));
    const codeBits = code >> 16;
    const extra = length - <u32>load<u16>(symbol << 1, lengthBasesStart);
    const bits = codeBits + <u32>load<u8>(symbol, lengthExtrasStart);
    store<u32>(length << 2, (code & 0xffff) | (extra << codeBits) | (bits << 24), lengthWordsStart);
  }
}

/** The code in the low 16 bits, its length in 8, the length with extra bits in 8, the first distance above. */
function makeDistanceWords(codes: usize): void {
  for (let symbol: u32 = 0; symbol < <u32>distanceSymbolCount; symbol++) {
    const code = load<u32>(codes + (symbol << 2));
    const bits = (code >> 16) + <u32>load<u8>(symbol, distanceExtrasStart);
    const base = <u64>load<u16>(symbol << 1, distanceBasesStart);
    store<u64>(symbol << 3, <u64>(code | (bits << 24)) | (base << 32), distanceWordsStart);
  }
}

/**
 * Bits wait in `bits`, `count` of them, fewer than 8 after each store. Between two stores come four literals at most,
 * 7 + 4 * 14 bits, or a length and a distance, 7 + 19 + 28. Three literals and no store (7 + 42) leave no room for a
 * match, so they are stored first.
 */
function writeSequences(at: usize, end: usize, input: usize): void {
  let output = outputPosition();
  let bits = waitingOutputBits();
  let count = waitingOutputCount();
  for (; at < end; at += 8) {
    const sequence = load<u64>(at);
    let literals = literalsOf(sequence);
    for (; literals >= 4; literals -= 4) {
      const word = load<u32>(input);
      const first = load<u32>((word & 255) << 2, literalWordsStart);
      const second = load<u32>(((word >> 8) & 255) << 2, literalWordsStart);
      const third = load<u32>(((word >> 16) & 255) << 2, literalWordsStart);
      const fourth = load<u32>((word >> 24) << 2, literalWordsStart);
      const low = (first & 0xffff) | ((second & 0xffff) << (first >> 16));
      const high = (third & 0xffff) | ((fourth & 0xffff) << (third >> 16));
      const lowCount = <u64>((first >> 16) + (second >> 16));
      bits |= (<u64>low | (<u64>high << lowCount)) << count;
      count += lowCount + <u64>((third >> 16) + (fourth >> 16));
      store<u64>(output, bits);
      output += <usize>(count >> 3);
      bits >>= count & 56;
      count &= 7;
      input += 4;
    }
    for (; literals > 0; literals--) {
      const code = load<u32>((<usize>load<u8>(input)) << 2, literalWordsStart);
      bits |= <u64>(code & 0xffff) << count;
      count += <u64>(code >> 16);
      input++;
    }
    store<u64>(output, bits);
    output += <usize>(count >> 3);
    bits >>= count & 56;
    count &= 7;
    const length = lengthOf(sequence);
    if (length == 0) continue;
    const lengthWord = load<u32>(length << 2, lengthWordsStart);
    bits |= <u64>(lengthWord & 0xffffff) << count;
    count += <u64>(lengthWord >> 24);
    const distanceWord = load<u64>(symbolOf(sequence) << 3, distanceWordsStart);
    const extra = distanceOf(sequence) - 1 - <u32>(distanceWord >> 32);
    const extraAt = <u32>(distanceWord >> 16) & 255;
    bits |= <u64>((<u32>distanceWord & 0xffff) | (extra << extraAt)) << count;
    count += (distanceWord >> 24) & 255;
    store<u64>(output, bits);
    output += <usize>(count >> 3);
    bits >>= count & 56;
    count &= 7;
    input += length;
  }
  resumeOutput(output, bits, count);
}
