/**
 * The code lengths of a dynamic block, themselves run-length coded and Huffman coded (RFC 1951, 3.2.7). `prepare`
 * makes them, then their size is known, then they may be written.
 */
import { writeBits } from './bit-writer';
import { makeCode } from './huffman';
import {
  codeLengthSymbols,
  lengthRowStart,
  lengthsStart,
  literalSymbols,
  runCodesStart,
  runCountsStart,
  runLengthsStart,
  runsStart,
} from './memory-map';
import { distanceSymbolCount, firstLengthSymbol, usedLiteralSymbols } from './symbols';

/** 3.2.7: 3 bits hold the length of each code length code. */
const codeLengthLimit: u32 = 7;
/** Copies the length before it 3 to 6 times, 2 extra bits. */
const copyBefore: u32 = 16;
/** 3 to 10 zeros, 3 extra bits. */
const fewZeros: u32 = 17;
/** 11 to 138 zeros, 7 extra bits. */
const manyZeros: u32 = 18;

/** HLIT + 257, HDIST + 1 and HCLEN + 4 of the RFC. */
let literalLengths: usize = 0;
let distanceLengths: usize = 0;
let codeLengthLengths: u32 = 0;
let nextRun: usize = runsStart;

/** For the code lengths that stand at lengthsStart. */
export function prepareCodeLengths(): void {
  literalLengths = withoutTail(lengthsStart, usedLiteralSymbols, firstLengthSymbol);
  distanceLengths = withoutTail(lengthsStart + literalSymbols, distanceSymbolCount, 1);
  memory.copy(lengthRowStart, lengthsStart, literalLengths);
  memory.copy(lengthRowStart + literalLengths, lengthsStart + literalSymbols, distanceLengths);
  findRuns(literalLengths + distanceLengths);
  makeCode(runCountsStart, codeLengthSymbols, codeLengthLimit, runLengthsStart, runCodesStart);
  codeLengthLengths = <u32>codeLengthSymbols;
  while (codeLengthLengths > 4 && lengthInOrder(codeLengthLengths - 1) == 0) codeLengthLengths--;
}

function withoutTail(lengths: usize, count: usize, least: usize): usize {
  while (count > least && load<u8>(lengths + count - 1) == 0) count--;
  return count;
}

/** Runs may go from one alphabet into the other: "all code lengths form a single sequence". */
function findRuns(count: usize): void {
  memory.fill(runCountsStart, 0, codeLengthSymbols * 4);
  nextRun = runsStart;
  for (let at: usize = 0; at < count; ) {
    const length = <u32>load<u8>(at, lengthRowStart);
    let times: u32 = 1;
    while (at + times < count && <u32>load<u8>(at + times, lengthRowStart) == length) times++;
    at += times;
    if (length == 0) addZeros(times);
    else addLengths(length, times);
  }
}

function addZeros(times: u32): void {
  while (times >= 11) {
    const taken = min<u32>(times, 138);
    addRun(manyZeros, taken - 11);
    times -= taken;
  }
  if (times >= 3) addRun(fewZeros, times - 3);
  else for (; times > 0; times--) addRun(0, 0);
}

function addLengths(length: u32, times: u32): void {
  addRun(length, 0);
  times--;
  while (times >= 3) {
    const taken = min<u32>(times, 6);
    addRun(copyBefore, taken - 3);
    times -= taken;
  }
  for (; times > 0; times--) addRun(length, 0);
}

function addRun(symbol: u32, extra: u32): void {
  store<u16>(nextRun, symbol | (extra << 8));
  nextRun += 2;
  store<u32>(symbol << 2, load<u32>(symbol << 2, runCountsStart) + 1, runCountsStart);
}

/** The RFC sends these lengths in the order 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1 15, since the last are rare. */
function lengthInOrder(place: u32): u32 {
  let symbol: u32 = 0;
  if (place < 3) symbol = 16 + place;
  else if (place > 3) symbol = (place & 1) == 0 ? 8 + ((place - 4) >> 1) : 7 - ((place - 5) >> 1);
  return <u32>load<u8>(symbol, runLengthsStart);
}

// @ts-ignore: decorator
@inline
function extraBitsOf(symbol: u32): u32 {
  if (symbol < copyBefore) return 0;
  return symbol == copyBefore ? 2 : symbol == fewZeros ? 3 : 7;
}

/** Bits of all that is written before the block's data, but the block's own 3 bits. */
export function codeLengthBits(): u64 {
  let bits = 5 + 5 + 4 + 3 * codeLengthLengths;
  for (let symbol: u32 = 0; symbol < <u32>codeLengthSymbols; symbol++) {
    const times = load<u32>(symbol << 2, runCountsStart);
    bits += times * (<u32>load<u8>(symbol, runLengthsStart) + extraBitsOf(symbol));
  }
  return <u64>bits;
}

export function writeCodeLengths(): void {
  writeBits(<u32>(literalLengths - firstLengthSymbol), 5);
  writeBits(<u32>distanceLengths - 1, 5);
  writeBits(codeLengthLengths - 4, 4);
  for (let place: u32 = 0; place < codeLengthLengths; place++) writeBits(lengthInOrder(place), 3);
  for (let run = runsStart; run < nextRun; run += 2) {
    const symbol = <u32>load<u8>(run);
    const code = load<u32>(symbol << 2, runCodesStart);
    writeBits(code & 0xffff, code >> 16);
    writeBits(<u32>load<u8>(run + 1), extraBitsOf(symbol));
  }
}
