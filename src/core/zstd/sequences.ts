/**
 * The sequences of a compressed block (RFC 8878, 3.1.1.3.2 and 3.1.1.4): each takes some literals, then repeats some of
 * what was written before.
 */
import type { BitReader } from './bit-reader.ts';
import { copyBytes, repeatBytes } from './copy-bytes.ts';
import { constantTable, fseTable, type FseTable, readFseTable } from './fse-table.ts';
import type { History } from './history.ts';
import type { LiteralReader } from './literals.ts';
import { RecentOffsets } from './recent-offsets.ts';
import type { Scratch } from './scratch.ts';
import {
  lengthCodes,
  type LengthKind,
  literalCodes,
  offsetCodes,
  type SymbolKind,
} from './sequence-codes.ts';
import { malformed } from './zstd-refusal.ts';

export interface BlockParts {
  readonly scratch: Scratch;
  readonly literals: LiteralReader;
  readonly history: History;
}

export interface SequenceReader {
  /** Forgets tables and offsets: a frame begins. */
  reset(): void;
  /** Reads the section from `start` to `end` and writes what the block holds, `maxLength` at most. Throws LayerError. */
  execute(part: { readonly start: number; readonly end: number }, maxLength: number): void;
}

export function createSequenceReader(parts: BlockParts): SequenceReader {
  return new SectionReader(parts);
}

interface Tables {
  readonly literal: FseTable;
  readonly offset: FseTable;
  readonly length: FseTable;
}

const predefined: Tables = {
  literal: predefinedTable(literalCodes),
  offset: predefinedTable(offsetCodes),
  length: predefinedTable(lengthCodes),
};

function predefinedTable({ counts, accuracy }: SymbolKind): FseTable {
  return fseTable(counts, accuracy);
}

/** How much of a block is done: literals that were taken, bytes that were written. */
interface Progress {
  readonly taken: number;
  readonly written: number;
}

class SectionReader implements SequenceReader {
  readonly #parts: BlockParts;
  readonly #offsets = new RecentOffsets();
  /** Of the block before; a frame begins without. */
  #tables: Tables | undefined;

  constructor(parts: BlockParts) {
    this.#parts = parts;
  }

  reset(): void {
    this.#tables = undefined;
    this.#offsets.reset();
  }

  execute({ start, end }: { readonly start: number; readonly end: number }, maxLength: number): void {
    const { bytes, bits } = this.#parts.scratch;
    const { count, end: at } = readCount(bytes, start);
    if (at > end || (count === 0 && at !== end)) throw malformed('the sequences of a block are cut off');
    if (count === 0) {
      this.#writeRest({ taken: 0, written: 0 }, maxLength);
      return;
    }
    const reader = createTableReader(bytes, { start: at, end }, this.#tables);
    this.#tables = {
      literal: reader.read(literalCodes, 'literal'),
      offset: reader.read(offsetCodes, 'offset'),
      length: reader.read(lengthCodes, 'length'),
    };
    bits.open(reader.end(), end);
    const progress = this.#run(this.#tables, count, maxLength);
    if (bits.left !== 0) throw malformed('the sequences of a block have another length than they say');
    this.#writeRest(progress, maxLength);
  }

  #run({ literal, offset, length }: Tables, count: number, maxLength: number): Progress {
    const { scratch, literals, history } = this.#parts;
    const { bits } = scratch;
    const { bytes, at, reach } = history;
    const [from, available] = [literals.bytes, literals.count];
    let literalState = bits.read(literal.accuracy);
    let offsetState = bits.read(offset.accuracy);
    let lengthState = bits.read(length.accuracy);
    let [taken, written] = [0, 0];
    for (let left = count; left > 0; left -= 1) {
      const value = readOffset(bits, offset.symbols[offsetState] ?? 0);
      const matched = readLength(bits, lengthCodes, length.symbols[lengthState] ?? 0);
      const fresh = readLength(bits, literalCodes, literal.symbols[literalState] ?? 0);
      if (left > 1) {
        literalState = nextState(bits, literal, literalState);
        lengthState = nextState(bits, length, lengthState);
        offsetState = nextState(bits, offset, offsetState);
      }
      if (bits.left < 0 || taken + fresh > available) throw malformed('the sequences of a block are cut off');
      if (written + fresh + matched > maxLength) throw malformed('a block is larger than blocks may be');
      copyBytes(from, taken, { to: bytes, at: at + written, length: fresh });
      taken += fresh;
      written += fresh;
      const distance = this.#offsets.find(value, fresh);
      if (distance === 0 || distance > reach + written) throw malformed('a match reaches back too far');
      repeatBytes(bytes, at + written, { distance, length: matched });
      written += matched;
    }
    return { taken, written };
  }

  /** The literals that no sequence took. */
  #writeRest({ taken, written }: Progress, maxLength: number): void {
    const { literals, history } = this.#parts;
    const length = literals.count - taken;
    if (written + length > maxLength) throw malformed('a block is larger than blocks may be');
    copyBytes(literals.bytes, taken, { to: history.bytes, at: history.at + written, length });
    history.advance(written + length);
  }
}

/** 3.1.1.3.2.1: one to three bytes. */
function readCount(bytes: Uint8Array, start: number): { readonly count: number; readonly end: number } {
  const [first = 0, second = 0, third = 0] = bytes.subarray(start, start + 3);
  if (first < 128) return { count: first, end: start + 1 };
  if (first < 255) return { count: ((first - 128) << 8) + second, end: start + 2 };
  return { count: second + (third << 8) + 0x7f00, end: start + 3 };
}

interface TableReader {
  /** Called for literal lengths, offsets and match lengths, in this order. */
  read(kind: SymbolKind, name: keyof Tables): FseTable;
  end(): number;
}

/** 3.1.1.3.2.1: a byte with the mode of each table, then those that are written. */
function createTableReader(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  before: Tables | undefined,
): TableReader {
  const modes = bytes[start] ?? 0;
  if ((modes & 3) !== 0) throw malformed('a block uses reserved bits');
  let shift = 8;
  let at = start + 1;
  const read = (kind: SymbolKind, name: keyof Tables): FseTable => {
    shift -= 2;
    const mode = (modes >> shift) & 3;
    if (mode === 0) return predefined[name];
    if (mode === 1) {
      const symbol = bytes[at] ?? 0;
      at += 1;
      if (at > end || symbol > kind.maxSymbol) throw malformed('a table of sequences is wrong');
      return constantTable(symbol);
    }
    if (mode === 2) {
      const written = readFseTable(bytes, { start: at, end }, kind);
      at = written.end;
      return written.table;
    }
    if (before === undefined) throw malformed('a block uses a table of sequences that is not there');
    return before[name];
  };
  return { read, end: () => at };
}

function nextState(bits: BitReader, table: FseTable, state: number): number {
  return (table.bases[state] ?? 0) + bits.read(table.bits[state] ?? 0);
}

function readLength(bits: BitReader, kind: LengthKind, code: number): number {
  return (kind.bases[code] ?? 0) + bits.read(kind.extra[code] ?? 0);
}

/** 3.1.1.3.2.1.1: so many bits, added to that power of two. */
function readOffset(bits: BitReader, code: number): number {
  if (code <= 24) return (1 << code) + bits.read(code);
  const high = bits.read(code - 16);
  return 2 ** code + high * 65_536 + bits.read(16);
}
