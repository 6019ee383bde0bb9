/** The codes of blocks that carry none (RFC 1951, 3.2.6). */
import { assignCodes } from './canonical-code';
import { distanceSymbolRoom, fixedCodesStart, fixedLengthsStart, literalSymbols } from './memory-map';

export function writeFixedCodes(): void {
  for (let symbol: u32 = 0; symbol < <u32>literalSymbols; symbol++) {
    store<u8>(symbol, symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8, fixedLengthsStart);
  }
  memory.fill(fixedLengthsStart + literalSymbols, 5, distanceSymbolRoom);
  assignCodes(fixedLengthsStart, literalSymbols, fixedCodesStart);
  assignCodes(fixedLengthsStart + literalSymbols, distanceSymbolRoom, fixedCodesStart + literalSymbols * 4);
}
