import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDiskStore } from '../../../src/io/store/disk-store.ts';
import { verifyStore } from '../../../src/io/store/verify-store.ts';
import { deliverToLayout } from '../../../src/io/transport/layout.ts';
import { deliverToOciArchive } from '../../../src/io/transport/oci-archive.ts';
import { digestOfText, pattern } from '../../suites/store-suite.ts';
import { quietContext, sampleImage } from '../transport/sample-image.ts';
import { hasProgram } from '../../rigs/runtimes.ts';

let folder: string;

function mount(options: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'layerwright-test', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const canMount =
  process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/bin/mount') && hasProgram('mount');

describe.skipIf(!canMount)('on a disk of 256 KiB (needs root and tmpfs)', () => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'layerwright-full-'));
    expect(mount('size=256k,nr_inodes=64')).toBe(true);
  });
  afterEach(async () => {
    execFileSync('umount', [folder]);
    await rm(folder, { recursive: true, force: true });
  });

  it('a blob that does not fit is refused with the path, leaves nothing, and fits when there is room', async () => {
    const store = await openDiskStore(join(folder, 'store'));
    const filler = await store.blobs.put(pattern(150_000, 1));
    const failed = await store.blobs.put(pattern(150_000, 2)).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'store/full', message: expect.stringContaining(folder) as string });
    expect(readdirSync(join(folder, 'store/tmp'))).toEqual([]);
    expect((await verifyStore(store)).corrupt).toEqual([]);
    await rm(join(folder, 'store/blobs/sha256', filler.digest.slice(7)));
    await store.blobs.put(pattern(150_000, 2));
  });

  it('a disk out of inodes is full, and never a torn result', async () => {
    const store = await openDiskStore(join(folder, 'store'));
    const put = async (): Promise<void> => {
      for (let at = 0; at < 100; at += 1) await store.results.put('layer', digestOfText(String(at)), { at });
    };
    await expect(put()).rejects.toMatchObject({ code: 'store/full' });
    expect((await verifyStore(store)).corrupt).toEqual([]);
    expect(readdirSync(join(folder, 'store/tmp'))).toEqual([]);
  });

  it('a layout or archive that does not fit leaves nothing', async () => {
    const noise = Buffer.from(pattern(300_000, 3)).toString('base64');
    const image = await sampleImage({ contents: [noise], packing: 'none' });
    const delivery = { root: image.root, references: [], blobs: image.blobs };
    const layout = deliverToLayout(delivery, { transport: 'oci', path: join(folder, 'out') }, quietContext());
    await expect(layout).rejects.toMatchObject({ code: 'transport/full' });
    const path = join(folder, 'out.tar');
    const archive = deliverToOciArchive(delivery, { transport: 'oci-archive', path }, quietContext());
    await expect(archive).rejects.toMatchObject({ code: 'transport/full' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe.skipIf(!canMount)('on a file system that is read-only (needs root and tmpfs)', () => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'layerwright-read-only-'));
    expect(mount('size=256k')).toBe(true);
  });
  afterEach(async () => {
    execFileSync('umount', [folder]);
    await rm(folder, { recursive: true, force: true });
  });

  it('a store is read, and writing to it says why it cannot be', async () => {
    const { digest } = await (await openDiskStore(join(folder, 'store'))).blobs.put(pattern(10, 1));
    execFileSync('mount', ['-o', 'remount,ro', folder]);
    const store = await openDiskStore(join(folder, 'store'));
    expect(store.folder.writable).toBe(false);
    expect(await store.blobs.size(digest)).toBe(10);
    await expect(store.blobs.put(pattern(10, 2))).rejects.toMatchObject({ code: 'store/read-only' });
    await expect(openDiskStore(join(folder, 'new'))).rejects.toMatchObject({ code: 'store/read-only' });
  });
});
