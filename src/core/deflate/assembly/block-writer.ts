/**
 * Writes one sub-block of the input as the shortest of the three kinds of block (RFC 1951, 3.2.3), by exact cost. A
 * block is therefore never longer than a stored one would be at the same bit.
 */
import { alignOutput, waitingOutputCount, writeBits, writeBytes } from './bit-writer';
import { codeLengthBits, prepareCodeLengths, writeCodeLengths } from './code-lengths';
import { writeData } from './data-writer';
import { makeCode } from './huffman';
import {
  blockCountsStart,
  codesStart,
  distanceExtrasStart,
  fixedCodesStart,
  fixedLengthsStart,
  lengthExtrasStart,
  lengthsStart,
  literalSymbols,
} from './memory-map';
import {
  distanceSymbolCount,
  endOfBlock,
  firstLengthSymbol,
  lengthSymbolCount,
  usedLiteralSymbols,
} from './symbols';

/** BTYPE above BFINAL, which is never set: the stream's end is written by another. */
const storedBlock: u32 = 0b000;
const fixedBlock: u32 = 0b010;
const dynamicBlock: u32 = 0b100;

/** Less than the 15 that are allowed, so that four literals fit a store of 64 bits beside 7 that wait. */
const literalCodeLimit: u32 = 14;
const distanceCodeLimit: u32 = 15;

/** 3.2.4: LEN has 16 bits. */
const maxStoredBytes: usize = 65535;

/** Sequences from `at` to `end`, which cover `length` bytes of input from `input` on; their counts are the block's. */
export function writeBlock(at: usize, end: usize, input: usize, length: usize): void {
  store<u32>(blockCountsStart + endOfBlock * 4, 1);
  makeCode(blockCountsStart, usedLiteralSymbols, literalCodeLimit, lengthsStart, codesStart);
  const distances = literalSymbols * 4;
  makeCode(
    blockCountsStart + distances,
    distanceSymbolCount,
    distanceCodeLimit,
    lengthsStart + literalSymbols,
    codesStart + distances,
  );
  prepareCodeLengths();
  const stored = storedBits(length);
  const fixed = 3 + dataBits(fixedLengthsStart);
  const dynamic = 3 + codeLengthBits() + dataBits(lengthsStart);
  if (stored <= min(fixed, dynamic)) {
    writeStored(input, length);
  } else if (fixed <= dynamic) {
    writeBits(fixedBlock, 3);
    writeData(at, end, input, fixedCodesStart);
  } else {
    writeBits(dynamicBlock, 3);
    writeCodeLengths();
    writeData(at, end, input, codesStart);
  }
}

/** All symbols of the block with their extra bits, the end of the block among them. */
function dataBits(lengths: usize): u64 {
  let bits: u64 = 0;
  for (let symbol: usize = 0; symbol < usedLiteralSymbols; symbol++) {
    bits += countOf(symbol) * <u64>load<u8>(lengths + symbol);
  }
  for (let symbol: usize = 0; symbol < lengthSymbolCount; symbol++) {
    bits += countOf(firstLengthSymbol + symbol) * <u64>load<u8>(symbol, lengthExtrasStart);
  }
  for (let symbol: usize = 0; symbol < distanceSymbolCount; symbol++) {
    const each = <u32>load<u8>(lengths + literalSymbols + symbol) + <u32>load<u8>(symbol, distanceExtrasStart);
    bits += countOf(literalSymbols + symbol) * <u64>each;
  }
  return bits;
}

// @ts-ignore: decorator
@inline
function countOf(symbol: usize): u64 {
  return <u64>load<u32>(symbol << 2, blockCountsStart);
}

/** Each stored block is 3 bits, zeros up to a byte, LEN and NLEN, and its bytes; all but the first begin at a byte. */
function storedBits(length: usize): u64 {
  const pieces = <u64>((length + maxStoredBytes - 1) / maxStoredBytes);
  const first = 3 + ((5 - waitingOutputCount()) & 7);
  return first + (pieces - 1) * 8 + pieces * 32 + (<u64>length << 3);
}

/** 3.2.4. No length at all gives the empty block that is a sync flush. */
export function writeStored(input: usize, length: usize): void {
  do {
    const taken = min(length, maxStoredBytes);
    writeBits(storedBlock, 3);
    alignOutput();
    writeBits(<u32>taken, 16);
    writeBits(<u32>(~taken & 0xffff), 16);
    writeBytes(input, taken);
    input += taken;
    length -= taken;
  } while (length > 0);
}
