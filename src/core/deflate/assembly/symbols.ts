/**
 * Match lengths and distances as symbols with extra bits (RFC 1951, 3.2.5). The tables follow from the rule behind
 * the RFC's two tables: extra bits grow by one with every fourth length symbol and every second distance symbol.
 */
import {
  distanceBasesStart,
  distanceExtrasStart,
  distanceSymbolsStart,
  lengthBasesStart,
  lengthExtrasStart,
  lengthSymbolsStart,
} from './memory-map';

/** Symbol 256 ends a block, 257 is the first length. */
export const endOfBlock: usize = 256;
export const firstLengthSymbol: usize = 257;
/** Symbols that may be sent: 286 and 287, 30 and 31 have codes in the fixed block alone and no meaning. */
export const usedLiteralSymbols: usize = 286;
export const lengthSymbolCount: usize = 29;
export const distanceSymbolCount: usize = 30;

export function writeSymbolTables(): void {
  writeLengthTables();
  writeDistanceTables();
}

function writeLengthTables(): void {
  let length: u32 = 3;
  for (let symbol: u32 = 0; symbol < 28; symbol++) {
    const extra: u32 = symbol < 8 ? 0 : (symbol >> 2) - 1;
    setLengthSymbol(symbol, length, extra);
    const next = length + (1 << extra);
    for (; length < next; length++) store<u8>(lengthSymbolsStart + length, symbol);
  }
  // The longest match, 258, has a symbol of its own, though symbol 284 could name it.
  setLengthSymbol(28, 258, 0);
  store<u8>(lengthSymbolsStart + 258, 28);
}

function setLengthSymbol(symbol: u32, base: u32, extra: u32): void {
  store<u16>(lengthBasesStart + (symbol << 1), base);
  store<u8>(lengthExtrasStart + symbol, extra);
}

/** Distances less 1, so that the groups begin at powers of two. */
function writeDistanceTables(): void {
  let distance: u32 = 0;
  for (let symbol: u32 = 0; symbol < <u32>distanceSymbolCount; symbol++) {
    const extra: u32 = symbol < 4 ? 0 : (symbol >> 1) - 1;
    store<u16>(distanceBasesStart + (symbol << 1), distance);
    store<u8>(distanceExtrasStart + symbol, extra);
    const next = distance + (1 << extra);
    for (; distance < next; distance++) store<u8>(distanceSymbolsStart + slotOf(distance), symbol);
  }
}

/** From 256 on, each symbol covers whole groups of 128 distances. */
// @ts-ignore: decorator
@inline
function slotOf(distanceLess1: u32): u32 {
  return distanceLess1 < 256 ? distanceLess1 : 256 + (distanceLess1 >> 7);
}

// @ts-ignore: decorator
@inline
export function distanceSymbolOf(distance: u32): u32 {
  return <u32>load<u8>(slotOf(distance - 1), distanceSymbolsStart);
}
