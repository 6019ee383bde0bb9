import { mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodedOf } from '../../../src/core/digest/digest.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { storeImage } from '../../../src/io/transport/copy-image.ts';
import { deliverToLayout, openLayout } from '../../../src/io/transport/layout.ts';
import type { Delivery } from '../../../src/io/transport/transport.ts';
import { collect } from '../../suites/store-suite.ts';
import { quietContext, sampleImage, type SampleImage } from './sample-image.ts';

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

describe('reading from a layout', () => {
  it('lists the names where the one that is asked for is not there, or none is', async () => {
    await deliver(await sampleImage(), 'out', 'a');
    await deliver(await sampleImage({ contents: ['other'] }), 'out', 'b');
    await expect(open('out', 'c')).rejects.toMatchObject({
      code: 'transport/unknown-tag',
      help: 'it holds `a`, `b`',
    });
    await expect(open('out')).rejects.toMatchObject({
      code: 'transport/ambiguous-image',
      help: expect.stringContaining('`a`, `b`') as string,
    });
  });

  it('takes a full reference for a name', async () => {
    const image = await sampleImage();
    const other = await sampleImage({ contents: ['other'] });
    await deliver({ ...other, references: ['docker.io/library/b:1'] }, 'out');
    await deliver({ ...image, references: ['docker.io/library/a:1'] }, 'out');
    expect((await open('out', 'a:1')).root).toEqual(image.root);
    await expect(open('out', '1')).rejects.toMatchObject({ code: 'transport/ambiguous-image' });
  });

  it('says what is not there, and what is no layout', async () => {
    await expect(open('out')).rejects.toMatchObject({ code: 'transport/not-found' });
    await mkdir(join(folder, 'out'));
    await expect(open('out')).rejects.toMatchObject({ code: 'transport/not-an-image' });
  });

  it.each(['index.json', 'oci-layout', 'blobs', 'blobs/sha256'])('follows no link at %s', async (name) => {
    await deliver(await sampleImage(), 'out');
    await rename(join(folder, 'out', name), join(folder, 'elsewhere'));
    await symlink(join(folder, 'elsewhere'), join(folder, 'out', name));
    const reading = open('out').then((source) => source.readDocument(source.root));
    await expect(reading).rejects.toMatchObject({ code: 'transport/linked-entry' });
  });

  it('follows no link at a blob, neither document nor layer', async () => {
    const image = await sampleImage();
    await deliver(image, 'out');
    for (const [at, { digest }] of [image.root, ...image.layers].entries()) {
      const path = join(folder, 'out/blobs/sha256', encodedOf(digest));
      await rename(path, join(folder, `elsewhere-${String(at)}`));
      await symlink(join(folder, `elsewhere-${String(at)}`), path);
    }
    const source = await open('out');
    await expect(source.readDocument(source.root)).rejects.toMatchObject({ code: 'transport/linked-entry' });
    for (const layer of image.layers) {
      await expect(collect(source.openBlob(layer))).rejects.toMatchObject({ code: 'transport/linked-entry' });
    }
  });

  it('stores nothing of a layer whose bytes are wrong, cut short or gone', async () => {
    const image = await sampleImage();
    const [layer] = image.layers;
    if (layer === undefined) throw new Error('a layer was expected');
    const path = join(folder, 'out/blobs/sha256', encodedOf(layer.digest));
    const attempt = async () => {
      const { blobs } = createMemoryStore();
      const source = await open('out');
      return storeImage(source, blobs, { signal: new AbortController().signal });
    };
    await deliver(image, 'out');
    await writeFile(path, new Uint8Array(layer.size));
    await expect(attempt()).rejects.toMatchObject({ code: 'store/blob-mismatch' });
    await truncate(path, layer.size - 1);
    await expect(attempt()).rejects.toMatchObject({ code: 'transport/blob-mismatch' });
    await rm(path);
    await expect(attempt()).rejects.toMatchObject({ code: 'transport/blob-missing' });
  });

  it.each([
    ['doubled members', '{"schemaVersion":2,"manifests":[],"manifests":[]}'],
    ['both layers and manifests', '{"schemaVersion":2,"manifests":[],"layers":[],"config":{}}'],
    ['a digest that leads elsewhere', indexNaming({ digest: 'sha256:../../../../etc/passwd' })],
    ['a size below 0', indexNaming({ size: -1 })],
    ['no JSON', 'hello'],
  ])('refuses an index with %s', async (_, text) => {
    await deliver(await sampleImage(), 'out');
    await writeFile(join(folder, 'out/index.json'), text);
    await expect(open('out')).rejects.toMatchObject({ code: 'transport/bad-document' });
  });

  it('refuses an index of more than 4 MiB before it is read', async () => {
    await deliver(await sampleImage(), 'out');
    await truncate(join(folder, 'out/index.json'), 5 * 1024 * 1024);
    await expect(open('out')).rejects.toMatchObject({ code: 'transport/bad-document' });
  });
});

function indexNaming(members: object): string {
  const digest = `sha256:${'a'.repeat(64)}`;
  const entry = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size: 1, ...members };
  return JSON.stringify({ schemaVersion: 2, manifests: [entry] });
}
