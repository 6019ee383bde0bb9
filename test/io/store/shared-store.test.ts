import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDiskStore } from '../../../src/io/store/disk-store.ts';
import { verifyStore } from '../../../src/io/store/verify-store.ts';

let tools: string;
let worker: string;
let folder: string;
beforeAll(async () => {
  tools = await mkdtemp(join(tmpdir(), 'layerwright-worker-'));
  worker = join(tools, 'store-worker.mjs');
  const entry = new URL('store-worker.ts', import.meta.url).pathname;
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'esm', outfile: worker });
});
afterAll(() => rm(tools, { recursive: true, force: true }));
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'layerwright-store-')), 'store');
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

function start(seed: number, count: number): ChildProcess {
  const args = [worker, folder, String(seed), String(count)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Resolves when the worker has said so often that it has done one more blob. */
async function hears(child: ChildProcess, times: number): Promise<void> {
  for (let heard = 0; heard < times; heard += 1) {
    if (child.stdout !== null) await once(child.stdout, 'data');
  }
}

describe('processes that share a store', () => {
  it('end with the same blobs, eight at once', async () => {
    const children = Array.from({ length: 8 }, () => start(1, 20));
    for (const child of children) child.stdout?.resume();
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit')) as unknown[]));
    expect(codes.map(([code]) => code)).toEqual(Array(8).fill(0));
    const verdict = await verifyStore(await openDiskStore(folder));
    expect(verdict).toMatchObject({ blobs: 20, results: 20, corrupt: [] });
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });

  it('leave no wrong name and nothing behind when they are killed', { timeout: 120_000 }, async () => {
    for (let round = 0; round < 12; round += 1) {
      const child = start(round, 100_000);
      await hears(child, 1 + ((round * 5) % 7));
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      const verdict = await verifyStore(await openDiskStore(folder));
      expect(verdict.corrupt).toEqual([]);
      expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
    }
    const store = await openDiskStore(folder);
    expect(await store.blobs.put(new Uint8Array(3))).toMatchObject({ size: 3 });
  });
});
