import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Descriptor } from '../../../src/core/oci/descriptor.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { storeImage } from '../../../src/io/transport/copy-image.ts';
import { deliverToLayout, openLayout } from '../../../src/io/transport/layout.ts';
import type { Delivery } from '../../../src/io/transport/transport.ts';
import { collect } from '../../suites/store-suite.ts';
import { putJson, quietContext, sampleImage, type SampleImage, sampleIndex } from './sample-image.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerwright-layout-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function deliver(image: SampleImage & { references?: readonly string[] }, name: string, tag?: string) {
  const { root, blobs, references = [] } = image;
  const delivery: Delivery = { root, references, blobs };
  const reference = {
    transport: 'oci' as const,
    path: join(folder, name),
    ...(tag === undefined ? {} : { tag }),
  };
  return deliverToLayout(delivery, reference, quietContext());
}

function open(name: string, tag?: string) {
  return openLayout({ transport: 'oci', path: join(folder, name), ...(tag === undefined ? {} : { tag }) });
}

async function indexOf(name: string): Promise<readonly Descriptor[]> {
  const text = await readFile(join(folder, name, 'index.json'), 'utf8');
  return (JSON.parse(text) as { manifests: Descriptor[] }).manifests;
}

function isSame(a: string, b: string): boolean {
  execFileSync('diff', ['-r', join(folder, a), join(folder, b)]);
  return true;
}

describe('delivering to a layout', () => {
  it('writes everything below the root, and reads back as the same image', async () => {
    const image = await sampleIndex();
    const receipt = await deliver(image, 'out');
    expect(receipt).toMatchObject({ digest: image.root.digest, moved: 8, present: 0 });
    const source = await open('out');
    expect(source.root).toEqual(image.root);
    const { blobs } = createMemoryStore();
    await storeImage(source, blobs, { signal: new AbortController().signal });
    expect(await collect(blobs.list())).toEqual(await collect(image.blobs.list()));
  });

  it('says latest where neither destination nor image has a tag', async () => {
    await deliver(await sampleImage(), 'out');
    expect((await indexOf('out')).map(({ annotations }) => annotations)).toEqual([
      { 'org.opencontainers.image.ref.name': 'latest' },
    ]);
  });

  it('names the image by its tag and by its full reference, once for each reference', async () => {
    const references = ['ghcr.io/acme/api:1.4.0', 'ghcr.io/acme/api:latest'];
    await deliver({ ...(await sampleImage()), references }, 'out');
    expect((await indexOf('out')).map(({ annotations }) => annotations)).toEqual([
      {
        'io.containerd.image.name': 'ghcr.io/acme/api:1.4.0',
        'org.opencontainers.image.ref.name': '1.4.0',
      },
      {
        'io.containerd.image.name': 'ghcr.io/acme/api:latest',
        'org.opencontainers.image.ref.name': 'latest',
      },
    ]);
  });

  it('gives the tag of the destination before those of the image', async () => {
    await deliver({ ...(await sampleImage()), references: ['docker.io/library/api:1'] }, 'out', 'edge');
    expect((await indexOf('out')).map(({ annotations }) => annotations)).toEqual([
      {
        'io.containerd.image.name': 'docker.io/library/api:edge',
        'org.opencontainers.image.ref.name': 'edge',
      },
    ]);
  });

  it('keeps the other tags of a layout, and moves its own', async () => {
    const [first, second] = [await sampleImage(), await sampleImage({ contents: ['first', 'other'] })];
    await deliver(first, 'out', 'a');
    await deliver(first, 'out', 'b');
    const receipt = await deliver(second, 'out', 'b');
    expect(receipt).toMatchObject({ moved: 3, present: 1 });
    expect((await open('out', 'a')).root).toEqual(first.root);
    expect((await open('out', 'b')).root).toEqual(second.root);
    expect(await indexOf('out')).toHaveLength(2);
  });

  it('makes the same bytes twice, in whatever order and wherever', async () => {
    const [first, second] = [await sampleImage(), await sampleImage({ contents: ['other'] })];
    await deliver(first, 'one', 'a');
    await deliver(second, 'one', 'b');
    await deliver(second, 'two', 'b');
    await deliver(first, 'two', 'a');
    await deliver(first, 'two', 'a');
    expect(isSame('one', 'two')).toBe(true);
  });

  it('keeps what two deliveries at once bring to a new folder', async () => {
    const images = [await sampleImage(), await sampleImage({ contents: ['other'] })];
    await Promise.all(images.map((image) => deliver(image, 'out', 'same')));
    const { root } = await open('out', 'same');
    expect(images.map((image) => image.root)).toContainEqual(root);
  });

  it('fills an empty folder', async () => {
    await mkdir(join(folder, 'out'));
    const image = await sampleImage();
    await deliver(image, 'out');
    expect((await open('out')).root).toEqual(image.root);
  });

  it.each([
    [
      'a folder of something else',
      async (path: string) => {
        await mkdir(path);
        await writeFile(join(path, 'mine'), 'x');
      },
    ],
    [
      'a file',
      async (path: string) => {
        await writeFile(path, 'x');
      },
    ],
    [
      'a dangling link',
      async (path: string) => {
        await symlink('nowhere', path);
      },
    ],
  ])('touches nothing where %s stands', async (_, make) => {
    await make(join(folder, 'out'));
    await cp(folder, `${folder}.copy`, { recursive: true, verbatimSymlinks: true });
    try {
      const image = await sampleImage();
      await expect(deliver(image, 'out')).rejects.toMatchObject({ code: 'transport/not-ours' });
      execFileSync('diff', ['-r', '--no-dereference', folder, `${folder}.copy`]);
    } finally {
      await rm(`${folder}.copy`, { recursive: true });
    }
  });

  it('leaves nothing where it fails half-way', async () => {
    const image = await sampleImage();
    const blobs = { ...image.blobs, read: () => failing() };
    await expect(deliver({ ...image, blobs }, 'out')).rejects.toThrow('the disk is gone');
    expect(await readdir(folder)).toEqual([]);
  });

  it('ends with the signal, and leaves nothing', async () => {
    const image = await sampleImage();
    const delivery = { root: image.root, references: [], blobs: image.blobs };
    const context = { emit: () => undefined, signal: AbortSignal.abort(new Error('interrupted')) };
    const reference = { transport: 'oci' as const, path: join(folder, 'out') };
    await expect(deliverToLayout(delivery, reference, context)).rejects.toThrow('interrupted');
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves out layers that may not be distributed', async () => {
    const { blobs } = createMemoryStore();
    const image = await sampleImage({ blobs });
    const foreign = {
      mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
      digest: `sha256:${'0'.repeat(64)}`,
      size: 7,
      urls: ['https://example.invalid/layer'],
    };
    const root = await putJson(blobs, image.root.mediaType, {
      schemaVersion: 2,
      mediaType: image.root.mediaType,
      config: image.config,
      layers: [foreign, ...image.layers],
    });
    await deliver({ ...image, root }, 'out');
    expect((await readdir(join(folder, 'out/blobs/sha256'))).length).toBe(4);
  });
});

async function* failing(): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(new Uint8Array(3));
  throw new Error('the disk is gone');
}
