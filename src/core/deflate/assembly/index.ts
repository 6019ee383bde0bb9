/**
 * A DEFLATE encoder (RFC 1951) for one block of input at a time, compiled to WebAssembly by scripts/build-encoder.mjs.
 * What it gives depends on the block, its history and the three numbers alone. The memory map is exported with it:
 * each name becomes a global of the module.
 */
import { writeReversedBytes } from './canonical-code';
import { setEffort } from './effort';
import { encodeBlock } from './encode-block';
import { writeLogarithms } from './entropy';
import { writeFixedCodes } from './fixed-codes';
import { inputSlackBytes, inputStart, windowBytes } from './memory-map';
import { writeSymbolTables } from './symbols';

export * from './memory-map';

// Once for each instance; no call writes to these tables.
writeSymbolTables();
writeReversedBytes();
writeFixedCodes();
writeLogarithms();

/** For the call that follows: see effort.ts. */
export { setEffort };

/**
 * Encodes the `block` bytes (1 to maxBlockBytes) at inputStart + windowBytes with the `history` bytes (0 to
 * windowBytes) before them. Gives the number of bytes at outputStart.
 */
export function deflate(history: usize, block: usize): usize {
  const from = inputStart + windowBytes;
  memory.fill(from + block, 0, inputSlackBytes);
  return encodeBlock(from - history, from, from + block);
}
