import { describe, expect, it } from 'vitest';
import { createBlockPool } from '../../../src/io/layer/block-pool.ts';
import type { Geometry } from '../../../src/io/layer/geometry.ts';

const small: Geometry = { historyBytes: 8, blockBytes: 32, encodedBytes: 40 };
const large: Geometry = { historyBytes: 0, blockBytes: 160, encodedBytes: 160 };

/** Whether a promise has resolved by now. */
async function isThere(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

describe('a pool of blocks', () => {
  it('lends blocks of the size asked for, as memory that threads share', async () => {
    const block = await createBlockPool({ bytes: 1000, atLeast: 1 }).lend(small);
    expect([block.input.length, block.output.length]).toEqual([40, 40]);
    expect(block.input.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('never lends more than its budget, and serves in the order of asking', async () => {
    const pool = createBlockPool({ bytes: 160, atLeast: 1 });
    const [first, second] = [await pool.lend(small), await pool.lend(small)];
    const [third, fourth] = [pool.lend(small), pool.lend(small)];
    expect(await isThere(third)).toBe(false);
    pool.giveBack(first);
    expect([await isThere(third), await isThere(fourth)]).toEqual([true, false]);
    pool.giveBack(second);
    expect(await isThere(fourth)).toBe(true);
  });

  it('uses blocks again', async () => {
    const pool = createBlockPool({ bytes: 160, atLeast: 1 });
    const block = await pool.lend(small);
    pool.giveBack(block);
    expect(await pool.lend(small)).toBe(block);
  });

  it('lends one block that is larger than the budget, alone', async () => {
    const pool = createBlockPool({ bytes: 160, atLeast: 1 });
    const held = await pool.lend(small);
    const [big, next] = [pool.lend(large), pool.lend(small)];
    expect(await isThere(big)).toBe(false);
    pool.giveBack(held);
    expect([await isThere(big), await isThere(next)]).toEqual([true, false]);
    pool.giveBack(await big);
    expect(await isThere(next)).toBe(true);
  });

  it('lends as many as there have to be, whatever they take, and no more', async () => {
    const pool = createBlockPool({ bytes: 160, atLeast: 3 });
    const [, , third, fourth] = Array.from({ length: 4 }, () => pool.lend(large));
    expect([await isThere(third!), await isThere(fourth!)]).toEqual([true, false]);
  });
});
