/**
 * LZMA as LZMA2 carries it: literals, matches and repeats of the last four distances, each chosen by odds that depend on
 * what came before (the state, one of twelve) and on where it stands. As Igor Pavlov's specification in the LZMA SDK,
 * lzma-specification.txt, has it.
 */
import type { Dictionary } from './dictionary.ts';
import { evenOdds, type RangeDecoder } from './range-decoder.ts';
import { malformed } from './xz-refusal.ts';

const states = 12;
/** States below it follow a literal. */
const firstMatchState = 7;
const leastMatch = 2;
/** pb is four at most: so many places are told apart. */
const places = 16;

/** Where the odds of each choice begin in one table. */
const isMatch = 0;
const isRep0Long = isMatch + states * places;
const isRep = isRep0Long + states * places;
const isRep0 = isRep + states;
const isRep1 = isRep0 + states;
const isRep2 = isRep1 + states;
const distanceSlots = isRep2 + states;
const distanceLows = distanceSlots + 4 * 64;
const distanceAlign = distanceLows + 128;
const matchLength = distanceAlign + 16;
/** Of one length: two choices, then places of eight short ones and of eight middle ones, then 256 long ones. */
const shortLengths = 2;
const middleLengths = shortLengths + places * 8;
const longLengths = middleLengths + places * 8;
const lengthOdds = longLengths + 256;
const repLength = matchLength + lengthOdds;
const literals = repLength + lengthOdds;
const literalOdds = 0x300;
/** LZMA2 has lc + lp <= 4. */
const allOdds = literals + (literalOdds << 4);

export class LzmaDecoder {
  readonly #range: RangeDecoder;
  readonly #dictionary: Dictionary;
  readonly #odds = new Uint16Array(allOdds);
  #lc = 0;
  #literalMask = 0;
  #placeMask = 0;
  #state = 0;
  /** Bytes since the last reset of the dictionary, as far as odds depend on them. */
  #position = 0;
  #rep0 = 0;
  #rep1 = 0;
  #rep2 = 0;
  #rep3 = 0;

  constructor(range: RangeDecoder, dictionary: Dictionary) {
    this.#range = range;
    this.#dictionary = dictionary;
  }

  /** Takes the byte that holds lc, lp and pb. Throws LayerError. */
  setProperties(byte: number): void {
    const lc = byte % 9;
    const lp = Math.floor(byte / 9) % 5;
    const pb = Math.floor(byte / 45);
    if (pb > 4 || lc + lp > 4) throw malformed('a chunk has properties that there are not');
    this.#lc = lc;
    this.#literalMask = (1 << lp) - 1;
    this.#placeMask = (1 << pb) - 1;
  }

  resetState(): void {
    this.#state = 0;
    this.#rep0 = this.#rep1 = this.#rep2 = this.#rep3 = 0;
    this.#odds.fill(evenOdds);
  }

  /** Positions are counted from the last reset of the dictionary on, in chunks that are stored too. */
  resetPosition(): void {
    this.#position = 0;
  }

  passOver(length: number): void {
    this.#position += length;
  }

  /** Fills the chunk of the dictionary with what the range decoder was opened on. Throws LayerError. */
  decodeChunk(): void {
    const dictionary = this.#dictionary;
    for (let left = dictionary.left; left > 0;) {
      const place = this.#position & this.#placeMask;
      if (this.#range.bit(this.#odds, isMatch + this.#state * places + place) === 0) this.#literal();
      else this.#match(place);
      if (this.#range.isPast) throw malformed('a chunk needs more bytes than it has');
      this.#position += left - dictionary.left;
      left = dictionary.left;
    }
    if (!this.#range.isFinished) throw malformed('a chunk has more bytes than it needs');
  }

  #literal(): void {
    const [odds, range] = [this.#odds, this.#range];
    const before = this.#dictionary.byteAt(1);
    const context = ((this.#position & this.#literalMask) << this.#lc) + (before >> (8 - this.#lc));
    const base = literals + literalOdds * context;
    let symbol = 1;
    if (this.#state >= firstMatchState) symbol = this.#literalAfterMatch(base);
    while (symbol < 0x100) symbol = (symbol << 1) | range.bit(odds, base + symbol);
    this.#dictionary.put(symbol & 0xff);
    this.#state = this.#state < 4 ? 0 : this.#state - (this.#state < 10 ? 3 : 6);
  }

  /** As long as its bits are those of the byte where the last match would go on. */
  #literalAfterMatch(base: number): number {
    let expected = this.#dictionary.byteAt(this.#rep0 + 1);
    let symbol = 1;
    do {
      const bit = (expected >> 7) & 1;
      expected <<= 1;
      const found = this.#range.bit(this.#odds, base + ((1 + bit) << 8) + symbol);
      symbol = (symbol << 1) | found;
      if (found !== bit) break;
    } while (symbol < 0x100);
    return symbol;
  }

  #match(place: number): void {
    const [odds, range] = [this.#odds, this.#range];
    if (range.bit(odds, isRep + this.#state) === 0) this.#newMatch(place);
    else if (range.bit(odds, isRep0 + this.#state) !== 0) this.#olderDistance(place);
    else if (range.bit(odds, isRep0Long + this.#state * places + place) !== 0) this.#repeatLast(place);
    else {
      this.#state = this.#state < firstMatchState ? 9 : 11;
      this.#dictionary.repeat(this.#rep0 + 1, 1);
    }
  }

  #newMatch(place: number): void {
    const length = this.#length(matchLength, place);
    const distance = this.#distance(length);
    this.#rep3 = this.#rep2;
    this.#rep2 = this.#rep1;
    this.#rep1 = this.#rep0;
    this.#rep0 = distance;
    this.#state = this.#state < firstMatchState ? 7 : 10;
    this.#dictionary.repeat(distance + 1, length);
  }

  #olderDistance(place: number): void {
    const [odds, range] = [this.#odds, this.#range];
    let distance = this.#rep1;
    if (range.bit(odds, isRep1 + this.#state) !== 0) {
      distance = this.#rep2;
      if (range.bit(odds, isRep2 + this.#state) !== 0) {
        distance = this.#rep3;
        this.#rep3 = this.#rep2;
      }
      this.#rep2 = this.#rep1;
    }
    this.#rep1 = this.#rep0;
    this.#rep0 = distance;
    this.#repeatLast(place);
  }

  #repeatLast(place: number): void {
    const length = this.#length(repLength, place);
    this.#state = this.#state < firstMatchState ? 8 : 11;
    this.#dictionary.repeat(this.#rep0 + 1, length);
  }

  #length(base: number, place: number): number {
    const [odds, range] = [this.#odds, this.#range];
    if (range.bit(odds, base) === 0) return leastMatch + range.tree(odds, base + shortLengths + place * 8, 3);
    if (range.bit(odds, base + 1) === 0) {
      return leastMatch + 8 + range.tree(odds, base + middleLengths + place * 8, 3);
    }
    return leastMatch + 16 + range.tree(odds, base + longLengths, 8);
  }

  /** One less than how far back: a slot gives the two highest bits and how many follow. */
  #distance(length: number): number {
    const [odds, range] = [this.#odds, this.#range];
    const slots = distanceSlots + Math.min(length - leastMatch, 3) * 64;
    const slot = range.tree(odds, slots, 6);
    if (slot < 4) return slot;
    const count = (slot >> 1) - 1;
    const high = ((2 | (slot & 1)) << count) >>> 0;
    if (slot < 14) return high + range.reverseTree(odds, distanceLows + high - slot, count);
    return high + range.direct(count - 4) * 16 + range.reverseTree(odds, distanceAlign, 4);
  }
}
