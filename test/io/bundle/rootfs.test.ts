import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpackRootfs } from '../../../src/io/bundle/rootfs.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { currentOwner, ownedName } from '../../../src/io/store/process-owner.ts';
import { imageOf } from '../../rigs/layer-image.ts';
import { type RawEntry, rawTar } from '../../rigs/raw-tar.ts';
import { type ScratchFolder, scratchFolder } from '../../rigs/scratch-folder.ts';
import { listTree } from '../../rigs/tree-listing.ts';

let scratch: ScratchFolder;
beforeEach(() => {
  scratch = scratchFolder('rootfs');
});
afterEach(() => {
  scratch.remove();
});

async function unpack(
  destination: string,
  content: string,
  signal = new AbortController().signal,
): Promise<void> {
  const { blobs } = createMemoryStore();
  const entries: RawEntry[] = [
    { name: '.', type: '5', mode: 0o711 },
    { name: 'a', content },
  ];
  await unpackRootfs(await imageOf(blobs, [rawTar(entries)]), blobs, { destination, signal });
}

describe('unpacking a root file system', () => {
  it("gives exactly the image's tree with the mode of its root, and makes the folders above", async () => {
    const destination = join(scratch.path, 'x', 'y', 'tree');
    await unpack(destination, '1');
    expect(readdirSync(destination)).toEqual(['a']);
    expect(statSync(destination).mode & 0o7777).toBe(0o711);
    expect(readdirSync(join(scratch.path, 'x', 'y')).sort()).toEqual(['.tree.layerwright', 'tree']);
  });

  it('fills an empty folder, and replaces a tree of ours', async () => {
    const destination = join(scratch.path, 'tree');
    mkdirSync(destination);
    await unpack(destination, '1');
    await unpack(destination, '2');
    expect(readFileSync(join(destination, 'a'), 'utf8')).toBe('2');
    expect(readdirSync(scratch.path).sort()).toEqual(['.tree.layerwright', 'tree']);
  });

  it('replaces a tree of ours of any depth and any modes', async () => {
    const destination = join(scratch.path, 'tree');
    await unpack(destination, '1');
    digDeep(destination, 4096);
    mkdirSync(join(destination, 'shut', 'in'), { recursive: true });
    writeFileSync(join(destination, 'shut', 'in', 'x'), '');
    chmodSync(join(destination, 'shut', 'in'), 0o000);
    chmodSync(join(destination, 'shut'), 0o000);
    await unpack(destination, '2');
    expect(readdirSync(destination)).toEqual(['a']);
    expect(readdirSync(scratch.path).sort()).toEqual(['.tree.layerwright', 'tree']);
  });

  const foreign: Readonly<Record<string, (path: string) => void>> = {
    'a folder with a file': (path) => {
      mkdirSync(path);
      writeFileSync(join(path, 'mine'), 'mine');
    },
    'a file': (path) => {
      writeFileSync(path, 'mine');
    },
    'a link to a folder': (path) => {
      mkdirSync(`${path}-real`);
      symlinkSync(`${path}-real`, path);
    },
  };

  it.each(Object.entries(foreign))('leaves %s alone', async (_, make) => {
    const destination = join(scratch.path, 'tree');
    make(destination);
    const before = listTree(scratch.path);
    await expect(unpack(destination, '1')).rejects.toMatchObject({ code: 'bundle/not-ours' });
    expect(listTree(scratch.path)).toEqual(before);
  });

  it('does not take another folder with the name of one that it made for its own', async () => {
    const destination = join(scratch.path, 'tree');
    await unpack(destination, '1');
    renameSync(destination, join(scratch.path, 'elsewhere'));
    mkdirSync(destination);
    writeFileSync(join(destination, 'mine'), 'mine');
    await expect(unpack(destination, '2')).rejects.toMatchObject({ code: 'bundle/not-ours' });
    expect(readFileSync(join(destination, 'mine'), 'utf8')).toBe('mine');
  });

  it('leaves the old tree in place and nothing else when it is stopped', async () => {
    const destination = join(scratch.path, 'tree');
    await unpack(destination, '1');
    await expect(unpack(destination, '2', AbortSignal.abort())).rejects.toThrow();
    expect(readFileSync(join(destination, 'a'), 'utf8')).toBe('1');
    expect(readdirSync(scratch.path).sort()).toEqual(['.tree.layerwright', 'tree']);
  });

  it.each([1, 2, 5])('leaves nothing when it is stopped after buffer %i of a layer', async (last) => {
    const { blobs } = createMemoryStore();
    const entries = Array.from({ length: 500 }, (_, at) => ({
      name: `d/${String(at)}`,
      content: 'x'.repeat(9),
    }));
    const changed = entries.map((entry) => ({ ...entry, content: 'changed' }));
    const image = await imageOf(blobs, [rawTar(entries), rawTar(changed)]);
    const stopping = new AbortController();
    const reason = new Error('stopped');
    async function* read(...[digest]: Parameters<typeof blobs.read>): AsyncGenerator<Uint8Array> {
      let count = 0;
      for await (const bytes of blobs.read(digest)) {
        for (let at = 0; at < bytes.length; at += 64 * 1024) {
          if (digest === image.layers[1]?.descriptor.digest && (count += 1) === last) stopping.abort(reason);
          yield bytes.subarray(at, at + 64 * 1024);
        }
      }
    }
    const { signal } = stopping;
    const destination = join(scratch.path, 'tree');
    await expect(unpackRootfs(image, { ...blobs, read }, { destination, signal })).rejects.toBe(reason);
    expect(readdirSync(scratch.path)).toEqual([]);
  });

  it('removes the stage of a process that was killed, and no stage of a living one', async () => {
    const gone = join(scratch.path, `.layerwright-${ownedName({ ...currentOwner(), start: '1' })}`);
    const alive = join(scratch.path, `.layerwright-${ownedName()}`);
    for (const stage of [gone, alive]) mkdirSync(join(stage, 'rootfs'), { recursive: true });
    await unpack(join(scratch.path, 'tree'), '1');
    expect([existsSync(gone), existsSync(alive)]).toEqual([false, true]);
  });

  it('says what failed where the folder cannot be written', async () => {
    writeFileSync(join(scratch.path, 'file'), '');
    await expect(unpack(join(scratch.path, 'file', 'tree'), '1')).rejects.toMatchObject({
      code: 'bundle/write-failed',
    });
  });
});

/** Folders in folders, deeper than any path can say. */
function digDeep(start: string, depth: number): void {
  const back = process.cwd();
  process.chdir(start);
  for (let at = 0; at < depth; at += 1) {
    mkdirSync('d');
    process.chdir('d');
  }
  process.chdir(back);
}
