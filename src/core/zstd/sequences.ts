/**
 * The sequences of a compressed block (RFC 8878, 3.1.1.3.2 and 3.1.1.4): each takes some literals, then repeats some of
 * what was written before.
 */
import type { BitReader } from './bit-reader.ts';
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

const kinds: Readonly<Record<keyof Tables, SymbolKind>> = {
  literal: literalCodes,
  offset: offsetCodes,
  length: lengthCodes,
};

const predefined: Tables = {
  literal: predefinedTable(literalCodes),
  offset: predefinedTable(offsetCodes),
  length: predefinedTable(lengthCodes),
};

function predefinedTable({ counts, accuracy }: SymbolKind): FseTable {
  return fseTable(counts, accuracy);
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
    let taken = 0;
    if (count > 0) {
      this.#tables = readTables(bytes, { start: at, end }, { bits, before: this.#tables });
      taken = this.#run(this.#tables, count, maxLength);
      if (bits.left !== 0) throw malformed('the sequences of a block have another length than they say');
    }
    const rest = this.#parts.literals.count - taken;
    this.#requireRoom(rest, maxLength);
    this.#parts.history.append(this.#parts.literals.bytes, taken, rest);
  }

  /** How many literals were taken. */
  #run({ literal, offset, length }: Tables, count: number, maxLength: number): number {
    const { scratch, literals, history } = this.#parts;
    const { bits } = scratch;
    const [bytes, available] = [literals.bytes, literals.count];
    let literalState = bits.read(literal.accuracy);
    let offsetState = bits.read(offset.accuracy);
    let lengthState = bits.read(length.accuracy);
    let taken = 0;
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
      this.#requireRoom(fresh + matched, maxLength);
      history.append(bytes, taken, fresh);
      taken += fresh;
      history.repeat(this.#offsets.find(value, fresh), matched);
    }
    return taken;
  }

  #requireRoom(length: number, maxLength: number): void {
    if (this.#parts.history.blockLength + length > maxLength) {
      throw malformed('a block is larger than blocks may be');
    }
  }
}

/** 3.1.1.3.2.1: one to three bytes. */
function readCount(bytes: Uint8Array, start: number): { readonly count: number; readonly end: number } {
  const [first = 0, second = 0, third = 0] = bytes.subarray(start, start + 3);
  if (first < 128) return { count: first, end: start + 1 };
  if (first < 255) return { count: ((first - 128) << 8) + second, end: start + 2 };
  return { count: second + (third << 8) + 0x7f00, end: start + 3 };
}

/** 3.1.1.3.2.1: a byte with the mode of each table, the tables that are written, then the bits, which are opened. */
function readTables(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  { bits, before }: { readonly bits: BitReader; readonly before: Tables | undefined },
): Tables {
  const modes = bytes[start] ?? 0;
  if ((modes & 3) !== 0) throw malformed('a block uses reserved bits');
  let at = start + 1;
  const read = (name: keyof Tables, mode: number): FseTable => {
    const found = readTable(bytes, { start: at, end }, { name, mode, before });
    at = found.end;
    return found.table;
  };
  const literal = read('literal', modes >> 6);
  const offset = read('offset', (modes >> 4) & 3);
  const length = read('length', (modes >> 2) & 3);
  bits.open(at, end);
  return { literal, offset, length };
}

interface TableMode {
  readonly name: keyof Tables;
  readonly mode: number;
  readonly before: Tables | undefined;
}

function readTable(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  { name, mode, before }: TableMode,
): { readonly table: FseTable; readonly end: number } {
  if (mode === 0) return { table: predefined[name], end: start };
  if (mode === 2) return readFseTable(bytes, { start, end }, kinds[name]);
  if (mode === 1) {
    const symbol = bytes[start] ?? 0;
    if (start >= end || symbol > kinds[name].maxSymbol) throw malformed('a table of sequences is wrong');
    return { table: constantTable(symbol), end: start + 1 };
  }
  if (before === undefined) throw malformed('a block uses a table of sequences that is not there');
  return { table: before[name], end: start };
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
