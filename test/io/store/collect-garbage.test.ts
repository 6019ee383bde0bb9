import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Digest, encodedOf } from '../../../src/core/digest/digest.ts';
import { collectGarbage } from '../../../src/io/store/collect-garbage.ts';
import { type DiskStore, openDiskStore } from '../../../src/io/store/disk-store.ts';
import { takeLease } from '../../../src/io/store/lease.ts';
import { currentOwner, ownedName, ownerOf, standingOf } from '../../../src/io/store/process-owner.ts';
import { listStore, readStoreFacts } from '../../../src/io/store/store-facts.ts';
import { collect, digestOfText, pattern } from '../../suites/store-suite.ts';

let folder: string;
let store: DiskStore;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'layerwright-store-')), 'store');
  store = await openDiskStore(folder);
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

const day = 24 * 60 * 60 * 1000;
const now = Date.now();

/** A blob with a result that holds it, both last used so long ago. */
async function made(seed: number, age: number): Promise<{ digest: Digest; key: Digest }> {
  const { digest } = await store.blobs.put(pattern(100, seed));
  const key = digestOfText(String(seed));
  await store.results.put('layer', key, { layer: { descriptor: { digest, size: 100 } } });
  for (const path of [blobAt(digest), resultAt(key)]) grow(path, age);
  return { digest, key };
}

const blobAt = (digest: Digest) => join(folder, 'blobs/sha256', encodedOf(digest));
const resultAt = (key: Digest) => join(folder, 'results/layer', `sha256-${encodedOf(key)}.json`);

function grow(path: string, age: number): void {
  utimesSync(path, (now - age) / 1000, (now - age) / 1000);
}

async function blobsLeft(): Promise<Digest[]> {
  return (await collect(store.blobs.list())).map(({ digest }) => digest);
}

describe('garbage collection', () => {
  it('removes old results, then what no result holds, and says what', async () => {
    const [old, young] = [await made(1, 10 * day), await made(2, day)];
    const collected = await collectGarbage(store, { keepYoungerThan: 5 * day, now });
    expect(collected).toMatchObject({
      results: [{ kind: 'layer', key: old.key }],
      blobs: [{ digest: old.digest, size: 100 }],
    });
    expect(collected.bytes).toBeGreaterThan(100);
    expect(await blobsLeft()).toEqual([young.digest]);
  });

  it('keeps an old blob that a young result holds, and a young blob that none holds', async () => {
    const held = await made(1, day);
    grow(blobAt(held.digest), 100 * day);
    const { digest } = await store.blobs.put(pattern(50, 9));
    await collectGarbage(store, { keepYoungerThan: 5 * day, now });
    expect((await blobsLeft()).sort()).toEqual([held.digest, digest].sort());
  });

  it('counts the last use, not the making', async () => {
    const used = await made(1, 10 * day);
    const later = await openDiskStore(folder);
    await later.results.get('layer', used.key);
    await later.blobs.size(used.digest);
    expect(await collectGarbage(store, { keepYoungerThan: 5 * day, now })).toMatchObject({
      results: [],
      blobs: [],
    });
  });

  it('leaves what a living build has used, however little is to be kept', async () => {
    const [used, unused] = [await made(1, 10 * day), await made(2, 10 * day)];
    const build = await openDiskStore(folder);
    const lease = await takeLease(build.folder);
    await build.results.get('layer', used.key);
    await build.blobs.size(used.digest);
    const fresh = await build.blobs.put(pattern(10, 3));
    await collectGarbage(store, { keepYoungerThan: 0, now: Date.now() + day });
    expect((await blobsLeft()).sort()).toEqual([used.digest, fresh.digest].sort());
    expect(await blobsLeft()).not.toContain(unused.digest);
    lease.release();
    lease.release();
    await collectGarbage(store, { keepYoungerThan: 0, now: Date.now() + day });
    expect(await blobsLeft()).toEqual([]);
  });

  it('takes over what dead processes left, whatever the clock says', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    const self = currentOwner();
    const names = [
      ownedName({ ...self, pid: child.pid ?? 0 }),
      ownedName({ ...self, start: String(Number(self.start) - 1) }),
      ownedName({ ...self, boot: 'abc' }),
    ];
    for (const [at, name] of names.entries()) {
      for (const part of ['leases', 'tmp']) {
        writeFileSync(join(folder, part, name), '{"formatVersion":1,"startedAt":0}');
        grow(join(folder, part, name), (at - 1) * 730 * day);
      }
    }
    const mine = join(folder, 'tmp', ownedName());
    writeFileSync(mine, 'being written');
    const collected = await collectGarbage(store, { keepYoungerThan: 0, now });
    expect(collected.leftovers).toBe(6);
    expect(readdirSync(join(folder, 'leases'))).toEqual([]);
    expect(existsSync(mine)).toBe(true);
  });

  it('gives a process of another container a day', async () => {
    const name = ownedName({ ...currentOwner(), namespace: '1' });
    const path = join(folder, 'tmp', name);
    writeFileSync(path, '');
    await openDiskStore(folder);
    expect(existsSync(path)).toBe(true);
    grow(path, 2 * day);
    await openDiskStore(folder);
    expect(existsSync(path)).toBe(false);
  });

  it('empties the quarantine', async () => {
    const { digest } = await made(1, 0);
    writeFileSync(blobAt(digest), '');
    await store.blobs.size(digest);
    expect(readStoreFacts(store).quarantined.count).toBe(1);
    await collectGarbage(store, { keepYoungerThan: -day, now: Date.now() });
    expect(readStoreFacts(store).quarantined.count).toBe(0);
  });

  it('is refused in a store that is read-only', async () => {
    const reader = await openDiskStore(folder, { access: 'read-only' });
    await expect(collectGarbage(reader, { keepYoungerThan: 0, now })).rejects.toMatchObject({
      code: 'store/read-only',
    });
  });
});

describe('the owner of a file', () => {
  it('is read from its name', () => {
    expect(ownerOf(ownedName())).toEqual(currentOwner());
    for (const name of ['', '1.2.3.4', 'x-0123456789abcdef', '../1.2.a.4-0123456789abcdef']) {
      expect(ownerOf(name)).toBeUndefined();
    }
  });

  it('is alive while this process is', () => {
    expect(standingOf(currentOwner())).toBe('alive');
  });
});

describe('what is said of a store', () => {
  it('is its place, its size and its results', async () => {
    const { digest, key } = await made(1, 0);
    await store.blobs.put(pattern(40, 5));
    const lease = await takeLease(store.folder);
    const facts = readStoreFacts(store);
    expect(facts).toMatchObject({
      path: folder,
      writable: true,
      blobs: { count: 2, bytes: 140 },
      results: { count: 1 },
      temporary: { count: 0, bytes: 0 },
      inUse: true,
    });
    lease.release();
    expect(readStoreFacts(store).inUse).toBe(false);
    expect(await listStore(store)).toMatchObject([{ kind: 'layer', key, bytes: 100, holds: [digest] }]);
  });
});
