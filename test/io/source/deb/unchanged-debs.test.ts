import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Digest, encodedOf, trustedDigest } from '../../../../src/core/digest/digest.ts';
import type { DebRequest } from '../../../../src/core/plan/snapshot.ts';
import type { LockedPackages } from '../../../../src/core/recipe/lock/lock.ts';
import { resolveDebs } from '../../../../src/io/source/deb/resolve-debs.ts';
import type { Reading } from '../../../../src/io/source/reading.ts';
import type { TreesRecord } from '../../../../src/io/source/remembered-trees.ts';
import { collectGarbage } from '../../../../src/io/store/collect-garbage.ts';
import { type DiskStore, openDiskStore } from '../../../../src/io/store/disk-store.ts';
import type { ResultCache } from '../../../../src/io/store/store.ts';
import { hasApt } from '../../../rigs/apt.ts';
import { type ScratchFolder, scratchFolder } from '../../../rigs/scratch-folder.ts';
import { hasGpg } from '../../../rigs/signing-key.ts';
import { type DebScene, debRequest, openDebScene, readRoot, stableRelease } from './deb-scene.ts';

const noNetwork = { download: () => Promise.reject(new Error('the network was asked')) };

/** The kinds of results that were asked for, in turn. */
function listened(reading: Reading): { readonly reading: Reading; readonly asked: string[] } {
  const asked: string[] = [];
  const results: ResultCache = {
    ...reading.store.results,
    get: (kind, key) => {
      asked.push(kind);
      return reading.store.results.get(kind, key);
    },
  };
  return { reading: { ...reading, ...noNetwork, store: { ...reading.store, results } }, asked };
}

describe.skipIf(!hasApt || !hasGpg)('packages that were read before (needs dpkg-deb and gpg)', () => {
  let scene: DebScene;
  let scratch: ScratchFolder;
  let request: DebRequest;
  let locked: LockedPackages;
  beforeAll(async () => {
    scene = await openDebScene();
    scratch = scratchFolder('unchanged-debs');
    scene.archive.publish(stableRelease(scene));
    request = debRequest(scene, ['greeter', 'small-mail']);
    locked = await resolveDebs(request, scene.reading());
  });
  afterAll(async () => {
    await scene.close();
    scratch.remove();
  });

  /** A store on disk that has read the packages once. */
  async function warmStore(name: string) {
    const store = await openDiskStore(join(scratch.path, name));
    const first = await readRoot(request, scene.reading(undefined, store), locked);
    return { store, first, folder: join(scratch.path, name) };
  }

  /** Without a network. */
  function readAgain(store: DiskStore, asked = request, pins = locked) {
    return readRoot(asked, { ...scene.reading(undefined, store), ...noNetwork }, pins);
  }

  it('are one result and the list of their packages, with the same warnings, accounts and contents', async () => {
    const reading = scene.reading();
    const first = await readRoot(request, reading, locked);
    expect(first.codes).toEqual(['deb/scripts-not-run']);
    expect(first.tree?.passwd).toContain('smallmail');
    const again = listened(reading);
    const second = await readRoot(request, again.reading, locked);
    expect(again.asked).toEqual(['debs', 'packages']);
    expect(second.problems).toEqual(first.problems);
    expect({ ...second.tree }).toEqual({ ...first.tree });
  });

  it('are the same whatever the order of the layer’s names and effects', async () => {
    const reading = scene.reading();
    const first = await readRoot(request, reading, locked);
    const { names, effects } = request;
    const turned = { ...request, names: [...names].reverse(), effects: [...effects].reverse() };
    const again = listened(reading);
    expect((await readRoot(turned, again.reading, locked)).tree?.digest).toBe(first.tree?.digest);
    expect(again.asked).toEqual(['debs', 'packages']);
  });

  it('are read anew where the names, the lock’s packages, the effects or the platform change', async () => {
    const { store, first } = await warmStore('changed');
    const names = debRequest(scene, ['greeter']);
    await expect(readAgain(store, names)).rejects.toThrow('the network was asked');
    const fewer = { ...locked, packages: locked.packages.slice(1) };
    const withoutEffects = { ...request, effects: [] };
    const arm = { ...request, platform: { os: 'linux', architecture: 'arm64' } };
    const changed = [
      await readAgain(store, request, fewer),
      await readAgain(store, withoutEffects),
      await readRoot(arm, scene.reading(undefined, store), await resolveDebs(arm, scene.reading())),
    ];
    const digests = changed.map(({ tree }) => tree?.digest);
    expect(digests).not.toContain(undefined);
    expect(new Set([first.tree?.digest, ...digests]).size).toBe(4);
  });

  it('ask for no keyring: the lock holds them', async () => {
    const { store, first } = await warmStore('keyring');
    const mirrors = request.mirrors.map((mirror) => ({ ...mirror, keyring: 'none.gpg' }));
    const second = await readAgain(store, { ...request, mirrors });
    expect(second.tree?.digest).toBe(first.tree?.digest);
  });

  it.each([
    ['is of another version', { version: 99, parts: [], blobs: [], warnings: [] }],
    ['is of another program', ['debs']],
    ['names what is no digest', { version: 2, parts: [{ digest: '../x' }], blobs: [], warnings: [] }],
    ['names no tree', { version: 2, parts: [], blobs: [], warnings: [] }],
  ])('are read anew where the result %s', async (what, value) => {
    const { store, first, folder } = await warmStore(what.replaceAll(/[^a-z]/g, ''));
    await store.results.put('debs', keyOf(resultFile(folder)), value);
    const second = await readAgain(store);
    expect({ ...second.tree }).toEqual({ ...first.tree });
    expect(second.problems).toEqual(first.problems);
  });

  it('are read anew where the result, or what it names, is damaged', async () => {
    const { store, first, folder } = await warmStore('damaged');
    for (const file of [resultFile(folder), blobFile(folder, recordIn(folder).parts[0]?.text)]) {
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      writeFileSync(file, bytes);
      const second = await readAgain(store);
      expect({ ...second.tree }).toEqual({ ...first.tree });
      expect(second.codes).toEqual(first.codes);
    }
  });

  it('are fetched again where a blob has gone, or the garbage was collected', async () => {
    const { first, folder } = await warmStore('lost');
    for (const blob of recordIn(folder).blobs) rmSync(blobFile(folder, blob));
    for (const { sha256 } of locked.packages) rmSync(join(folder, 'blobs/sha256', sha256));
    const lost = await openDiskStore(folder);
    await expect(readAgain(lost)).rejects.toThrow('the network was asked');
    const second = await readRoot(request, scene.reading(undefined, lost), locked);
    expect({ ...second.tree }).toEqual({ ...first.tree });
    expect((await readAgain(lost)).tree?.digest).toBe(first.tree?.digest);
    await collectGarbage(lost, { keepYoungerThan: 0, now: Date.now() + 60_000 });
    await expect(readAgain(await openDiskStore(folder))).rejects.toThrow('the network was asked');
  });
});

function resultFile(folder: string): string {
  const [name = ''] = readdirSync(join(folder, 'results/debs'));
  return join(folder, 'results/debs', name);
}

function recordIn(folder: string): TreesRecord {
  const stored = JSON.parse(readFileSync(resultFile(folder), 'utf8')) as { content: { value: TreesRecord } };
  return stored.content.value;
}

function blobFile(folder: string, digest: Digest | undefined): string {
  return join(folder, 'blobs/sha256', digest === undefined ? '' : encodedOf(digest));
}

function keyOf(file: string): Digest {
  return trustedDigest(basename(file, '.json').replace('-', ':'));
}
