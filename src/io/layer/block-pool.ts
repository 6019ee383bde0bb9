/**
 * The memory that all layers of a build are packed in: blocks lent and given back, never more of them at once than the
 * budget holds. Whoever asks when none is free waits; the first to ask is the first to get one.
 */
import type { Geometry } from './geometry.ts';

/** Room for one block. Memory that threads share: whoever the block is with may write to it. */
export interface Block {
  /** `historyBytes`, then `blockBytes`. */
  readonly input: Uint8Array<SharedArrayBuffer>;
  readonly output: Uint8Array<SharedArrayBuffer>;
}

export interface BlockPool {
  /** A block, whose bytes are those of its last use. Every block must be given back, once nothing writes to it. */
  lend(geometry: Geometry): Promise<Block>;
  giveBack(block: Block): void;
}

interface Waiting {
  readonly geometry: Geometry;
  readonly take: (block: Block) => void;
}

export interface BlockBudget {
  /** Of all blocks together. */
  readonly bytes: number;
  /** Blocks that are lent whatever they take, one or more: fewer would leave threads with nothing to do. */
  readonly atLeast: number;
}

export function createBlockPool({ bytes, atLeast }: BlockBudget): BlockPool {
  const waiting: Waiting[] = [];
  const free: Block[] = [];
  const lent = { blocks: 0, bytes: 0 };

  const serve = (): void => {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const size = sizeOf(first.geometry);
      if (lent.blocks >= atLeast && lent.bytes + size > bytes) return;
      waiting.shift();
      lent.blocks += 1;
      lent.bytes += size;
      first.take(takeFree(free, first.geometry));
    }
  };
  return {
    lend: (geometry) =>
      new Promise((take) => {
        waiting.push({ geometry, take });
        serve();
      }),
    giveBack: (block) => {
      lent.blocks -= 1;
      lent.bytes -= block.input.length + block.output.length;
      free.push(block);
      serve();
    },
  };
}

function sizeOf({ historyBytes, blockBytes, encodedBytes }: Geometry): number {
  return historyBytes + blockBytes + encodedBytes;
}

/** A block that fits, else a new one, for which the others are let go: they would stand beside it in memory. */
function takeFree(free: Block[], geometry: Geometry): Block {
  const inputBytes = geometry.historyBytes + geometry.blockBytes;
  const fits = (block: Block): boolean =>
    block.input.length === inputBytes && block.output.length === geometry.encodedBytes;
  const [found] = free.splice(free.findIndex(fits) >>> 0, 1);
  if (found !== undefined) return found;
  free.length = 0;
  return { input: shared(inputBytes), output: shared(geometry.encodedBytes) };
}

function shared(length: number): Uint8Array<SharedArrayBuffer> {
  return new Uint8Array(new SharedArrayBuffer(length));
}
