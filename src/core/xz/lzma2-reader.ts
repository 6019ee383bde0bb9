/**
 * LZMA2, the one filter that is read: chunks of at most 2 MiB that are stored or LZMA, each saying what of the state
 * before it is kept.
 */
import { Dictionary } from './dictionary.ts';
import { LzmaDecoder } from './lzma-decoder.ts';
import { RangeDecoder } from './range-decoder.ts';
import type { Input, Steps } from './input.ts';
import { malformed } from './xz-refusal.ts';

export class Lzma2Reader {
  readonly #bytes: Uint8Array;
  readonly #dictionary = new Dictionary();
  readonly #range: RangeDecoder;
  readonly #lzma: LzmaDecoder;
  #needsDictionary = true;
  #needsProperties = true;
  #needsState = true;

  constructor({ bytes }: Input) {
    this.#bytes = bytes;
    this.#range = new RangeDecoder(bytes);
    this.#lzma = new LzmaDecoder(this.#range, this.#dictionary);
  }

  /** Gives what the data of a block decompress to, a chunk a piece. Throws LayerError. */
  *read(dictionarySize: number): Steps {
    this.#begin(dictionarySize);
    for (yield 1; this.#bytes[0] !== 0; yield 1) {
      const control = this.#bytes[0] ?? 0;
      if (control > 2 && control < 0x80) throw malformed('a chunk is of a kind that there is not');
      if (control === 1 || control >= 0xe0) this.#resetDictionary();
      else if (this.#needsDictionary) throw malformed('a block does not begin with an empty dictionary');
      yield* control < 0x80 ? this.#stored() : this.#compressed(control);
      yield this.#dictionary.chunk();
    }
  }

  #begin(dictionarySize: number): void {
    this.#dictionary.begin(dictionarySize);
    this.#needsDictionary = this.#needsProperties = this.#needsState = true;
  }

  #resetDictionary(): void {
    this.#dictionary.reset();
    this.#lzma.resetPosition();
    this.#needsDictionary = false;
    this.#needsProperties = this.#needsState = true;
  }

  *#stored(): Steps {
    yield 2;
    const length = this.#word(0) + 1;
    yield length;
    this.#dictionary.beginChunk(length);
    this.#dictionary.append(this.#bytes.subarray(0, length));
    this.#lzma.passOver(length);
  }

  *#compressed(control: number): Steps {
    yield control >= 0xc0 ? 5 : 4;
    const given = ((control & 0x1f) << 16) + this.#word(0) + 1;
    const length = this.#word(2) + 1;
    this.#prepare(control, this.#bytes[4] ?? 0);
    yield length;
    this.#dictionary.beginChunk(given);
    this.#range.open(0, length);
    this.#lzma.decodeChunk();
  }

  #prepare(control: number, properties: number): void {
    if (control >= 0xc0) this.#lzma.setProperties(properties);
    else if (this.#needsProperties) throw malformed('a chunk has no properties to go by');
    if (control >= 0xa0) this.#lzma.resetState();
    else if (this.#needsState) throw malformed('a chunk has no state to go on from');
    this.#needsProperties = this.#needsState = false;
  }

  #word(at: number): number {
    return ((this.#bytes[at] ?? 0) << 8) | (this.#bytes[at + 1] ?? 0);
  }
}
