/**
 * One zstd frame after another (RFC 8878, 3.1.1), in steps: each says how many bytes it waits for, takes them, and says
 * what comes next. Its memory is the window that a frame asks for and the limit allows, and one block.
 */
import { type FrameHeader, headerLength, readFrameHeader } from './frame-header.ts';
import { History } from './history.ts';
import { createLiteralReader } from './literals.ts';
import { maxBlockBytes, type Scratch, scratchStart } from './scratch.ts';
import { createSequenceReader } from './sequences.ts';
import { createXxHash64, type XxHash64 } from './xxhash64.ts';
import { malformed, wrongChecksum } from './zstd-refusal.ts';

/** What is waited for: so many bytes, at scratchStart of the scratch. */
export interface Step {
  readonly length: number;
  readonly take: () => Taken;
}

export interface Taken {
  /** Undefined where the frame ends. */
  readonly next: Step | undefined;
  /** What was decompressed; valid until the next step is taken. */
  readonly piece?: Uint8Array;
}

/** `scratch` is where the bytes of a step are gathered. */
export function createFrameDecoder(scratch: Scratch, maxWindowBytes: number): FrameDecoder {
  return new FrameDecoder(scratch, maxWindowBytes);
}

interface BlockHeader {
  readonly type: 'raw' | 'repeated' | 'compressed';
  /** Of the content for `repeated`, otherwise of the block. */
  readonly size: number;
}

class FrameDecoder {
  readonly #scratch: Scratch;
  readonly #maxWindowBytes: number;
  readonly #history = new History();
  readonly #literals;
  readonly #sequences;
  #header: FrameHeader = { windowSize: 0, contentSize: undefined, hasChecksum: false };
  #checksum: XxHash64 | undefined;
  #given = 0;

  constructor(scratch: Scratch, maxWindowBytes: number) {
    this.#scratch = scratch;
    this.#maxWindowBytes = maxWindowBytes;
    this.#literals = createLiteralReader(scratch);
    this.#sequences = createSequenceReader({ scratch, literals: this.#literals, history: this.#history });
  }

  /** The step behind the magic number. */
  begin(): Step {
    return {
      length: 1,
      take: () => {
        const descriptor = this.#bytes(1)[0] ?? 0;
        const length = headerLength(descriptor);
        return { next: { length, take: () => this.#takeHeader(descriptor, length) } };
      },
    };
  }

  #takeHeader(descriptor: number, length: number): Taken {
    this.#header = readFrameHeader(descriptor, this.#bytes(length), this.#maxWindowBytes);
    this.#checksum = this.#header.hasChecksum ? createXxHash64() : undefined;
    this.#given = 0;
    this.#history.begin(this.#header.windowSize);
    this.#literals.reset();
    this.#sequences.reset();
    return { next: this.#blockHeader };
  }

  /** 3.1.1.2: one bit for the last block, two of type, the rest is its size. */
  readonly #blockHeader: Step = {
    length: 3,
    take: () => {
      const [first = 0, second = 0, third = 0] = this.#bytes(3);
      const size = (first >> 3) | (second << 5) | (third << 13);
      if (size > this.#maxBlock()) throw malformed('a block is larger than blocks may be');
      const type = (['raw', 'repeated', 'compressed', undefined] as const)[
        ((first >> 1) & 3) as 0 | 1 | 2 | 3
      ];
      if (type === undefined) throw malformed('a block is of a reserved type');
      const block = { type, size };
      const after = (first & 1) === 1 ? 'end' : 'block';
      const length = type === 'repeated' ? 1 : size;
      return { next: { length, take: () => this.#takeBlock(block, after) } };
    },
  };

  #takeBlock(block: BlockHeader, after: 'end' | 'block'): Taken {
    this.#history.beginBlock();
    this.#write(block);
    const piece = this.#history.block();
    this.#checksum?.update(piece);
    this.#given += piece.length;
    const { contentSize = Infinity } = this.#header;
    if (this.#given > contentSize) throw malformed('a frame holds more than its header says');
    return { piece, next: after === 'block' ? this.#blockHeader : this.#endOfFrame() };
  }

  #write({ type, size }: BlockHeader): void {
    if (type === 'compressed') {
      const end = scratchStart + size;
      const start = this.#literals.read(scratchStart, end);
      this.#sequences.execute({ start, end }, this.#maxBlock());
    } else if (type === 'raw') this.#history.append(this.#bytes(size), 0, size);
    else this.#history.fill(this.#bytes(1)[0] ?? 0, size);
  }

  #endOfFrame(): Step | undefined {
    const { contentSize = this.#given } = this.#header;
    if (this.#given !== contentSize) throw malformed('a frame holds less than its header says');
    if (this.#checksum === undefined) return undefined;
    const expected = this.#checksum.low32();
    return {
      length: 4,
      take: () => {
        const found = this.#bytes(4).reduceRight((sum, byte) => sum * 256 + byte, 0);
        if (found !== expected) throw wrongChecksum();
        return { next: undefined };
      },
    };
  }

  /** 3.1.1.2.4: no larger than the window either. */
  #maxBlock(): number {
    return Math.min(this.#header.windowSize, maxBlockBytes);
  }

  #bytes(length: number): Uint8Array {
    return this.#scratch.bytes.subarray(scratchStart, scratchStart + length);
  }
}

export type { FrameDecoder };
