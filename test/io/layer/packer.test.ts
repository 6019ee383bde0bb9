/** Packing on several threads: the bytes of one thread, and nothing left behind however it ends. */
import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Block } from '../../../src/io/layer/block-pool.ts';
import { createPacker, type Packer } from '../../../src/io/layer/packer.ts';
import { geometryOf } from '../../../src/io/layer/geometry.ts';
import { textBytes } from '../../core/deflate/sample-inputs.ts';
import { fileEntry, gzip6, none, pack, readerOf } from './pack-entries.ts';

const contents = { large: textBytes(7_000_000), medium: textBytes(1_500_000), small: 'small' };
const entries = Object.entries(contents).map(([path, content]) => fileEntry(path, content));
const packers: Packer[] = [];

function packerOf(threads: number): Packer {
  const packer = createPacker({ threads });
  packers.push(packer);
  return packer;
}

afterEach(async () => {
  await Promise.all(packers.splice(0).map((packer) => packer.close()));
});

/** As many blocks can be had as of a packer that nobody has used: none is still out. */
async function expectAllBlocksBack(packer: Packer, threads: number): Promise<void> {
  expect(await lendableBlocks(packer)).toBe(await lendableBlocks(packerOf(threads)));
}

/** How many blocks are lent before somebody has to wait. */
async function lendableBlocks({ blocks }: Packer): Promise<number> {
  const lent: Block[] = [];
  for (;;) {
    const asked = blocks.lend(geometryOf(gzip6));
    const block = await Promise.race([asked, Promise.resolve(undefined)]);
    if (block === undefined) {
      const count = lent.length;
      lent.forEach((one) => blocks.giveBack(one));
      blocks.giveBack(await asked);
      return count;
    }
    lent.push(block);
  }
}

describe('packing on threads', () => {
  it('gives the same bytes with 1, 2 and 8 of them', async () => {
    const results = [];
    for (const threads of [1, 2, 8]) {
      results.push((await pack(entries, contents, { packer: packerOf(threads) })).layer);
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  it('gives several layers at once the bytes that each has alone, more layers than blocks too', async () => {
    const packer = packerOf(2);
    const alone = (await pack(entries, contents, { packer })).layer;
    const together = await Promise.all(Array.from({ length: 9 }, () => pack(entries, contents, { packer })));
    expect(together.map(({ layer }) => layer)).toEqual(Array(9).fill(alone));
    await expectAllBlocksBack(packer, 2);
  });

  it('starts no thread for a small layer, nor for one that is not compressed', async () => {
    const before = threadCount();
    const packer = packerOf(2);
    await pack([fileEntry('small', 'small')], contents, { packer });
    await pack(entries, contents, { packer, compression: none });
    expect(threadCount()).toBe(before);
    await pack(entries, contents, { packer });
    expect(threadCount()).toBeGreaterThan(before);
    await packer.close();
    expect(threadCount()).toBe(before);
  });
});

function threadCount(): number {
  return readdirSync('/proc/self/task').length;
}

describe('a layer that is given up', () => {
  it('by its signal writes nothing more and gives every block back', async () => {
    for (let at = 0; at < 8; at += 1) {
      const packer = packerOf(2);
      const controller = new AbortController();
      const reason = new Error('stopped by a test');
      let [blocks, written] = [0, 0];
      const packing = pack(entries, contents, {
        packer,
        signal: controller.signal,
        onProgress: () => (blocks += 1) === at && controller.abort(reason),
        sink: { write: () => void (written += 1) },
      });
      if (at === 0) controller.abort(reason);
      await expect(packing).rejects.toBe(reason);
      const atTheEnd = written;
      await expectAllBlocksBack(packer, 2);
      expect(written).toBe(atTheEnd);
    }
  });

  it.each([1, 2, 5])('by a full disk at write %i is one error, and every block is back', async (failing) => {
    const packer = packerOf(2);
    const full = new Error('no space left');
    let written = 0;
    const sink = {
      write: () => {
        written += 1;
        if (written === failing) throw full;
      },
    };
    await expect(pack(entries, contents, { packer, sink })).rejects.toBe(full);
    expect(written).toBe(failing);
    await expectAllBlocksBack(packer, 2);
  });

  it('by a content that fails gives every block back', async () => {
    const packer = packerOf(2);
    const gone = new Error('EIO');
    const openContent = () => ({
      ...readerOf([]),
      read: () => {
        throw gone;
      },
    });
    await expect(pack(entries, contents, { packer, openContent })).rejects.toBe(gone);
    await expectAllBlocksBack(packer, 2);
  });

  it('by its signal, whose owner ends the threads at once, rejects with the reason', async () => {
    for (const at of [1, 3, 7]) {
      const packer = packerOf(2);
      const controller = new AbortController();
      const reason = new Error('stopped by a test');
      let blocks = 0;
      const onProgress = (): void => {
        blocks += 1;
        if (blocks !== at) return;
        controller.abort(reason);
        void packer.close();
      };
      const packing = pack(entries, contents, { packer, signal: controller.signal, onProgress });
      await expect(packing).rejects.toBe(reason);
    }
  });

  it('by the end of its threads says so', async () => {
    const packer = packerOf(2);
    let blocks = 0;
    const onProgress = (): void => {
      blocks += 1;
      if (blocks === 2) void packer.close();
    };
    await expect(pack(entries, contents, { packer, onProgress })).rejects.toMatchObject({
      code: 'layer/cannot-compress',
      message: 'compressing a layer failed: its thread ended',
    });
  });
});
