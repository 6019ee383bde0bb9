import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { chooseRoot, storeImage } from '../../../src/io/transport/copy-image.ts';
import { openStored } from '../../../src/io/transport/stored.ts';
import type { ImageSource } from '../../../src/io/transport/transport.ts';
import { collect } from '../../suites/store-suite.ts';
import { copyOf, putJson, sampleImage, sampleIndex } from './sample-image.ts';

const signal = new AbortController().signal;

describe('an image in the store', () => {
  it('is opened by its digest, index or manifest', async () => {
    const image = await sampleIndex();
    const source = await openStored(image.root.digest, image.blobs);
    expect(source.root).toEqual(image.root);
    expect(await copyOf(source)).toEqual(await collect(image.blobs.list()));
  });

  it('is not there, or no image', async () => {
    const image = await sampleImage();
    const [layer = image.root] = image.layers;
    await expect(openStored(digestOf(new Uint8Array()), image.blobs)).rejects.toMatchObject({
      code: 'transport/unknown-tag',
    });
    await expect(openStored(layer.digest, image.blobs)).rejects.toMatchObject({
      code: 'transport/bad-document',
    });
  });
});

describe('copying an image into a store', () => {
  it('brings one platform where one is chosen, and undefined where none fits', async () => {
    const image = await sampleIndex();
    const source = await openStored(image.root.digest, image.blobs);
    const root = await chooseRoot(source, (all) =>
      all.find(({ platform }) => platform?.architecture === 'arm64'),
    );
    const { blobs } = createMemoryStore();
    if (root === undefined) throw new Error('arm64 was expected');
    await storeImage(source, blobs, { root, signal });
    expect(await collect(blobs.list())).toHaveLength(4);
    expect(await chooseRoot(source, () => undefined)).toBeUndefined();
  });

  it('reads no blob again that the store has, and tells the bytes', async () => {
    const image = await sampleImage();
    const { blobs } = createMemoryStore();
    const source = await openStored(image.root.digest, image.blobs);
    const told: number[][] = [];
    await storeImage(source, blobs, { signal, onProgress: (done, total) => told.push([done, total]) });
    const total = (await collect(image.blobs.list())).reduce((sum, { size }) => sum + size, 0);
    expect(told.at(-1)).toEqual([total, total]);
    const closed: ImageSource = {
      ...source,
      readDocument: () => Promise.reject(new Error('read again')),
      openBlob: () => {
        throw new Error('read again');
      },
    };
    await storeImage(closed, blobs, { signal });
  });

  it('ends with the signal', async () => {
    const image = await sampleImage();
    const source = await openStored(image.root.digest, image.blobs);
    const aborted = AbortSignal.abort(new Error('interrupted'));
    const { blobs } = createMemoryStore();
    await expect(storeImage(source, blobs, { signal: aborted })).rejects.toThrow('interrupted');
    expect(await collect(blobs.list())).toEqual([]);
  });

  it('refuses indexes that stand in one another without end', async () => {
    const { blobs } = createMemoryStore();
    let root = (await sampleImage({ blobs })).root;
    for (let depth = 0; depth < 12; depth += 1) {
      const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [root] };
      root = await putJson(blobs, mediaTypes.index, index);
    }
    const source = await openStored(root.digest, blobs);
    const copying = storeImage(source, createMemoryStore().blobs, { signal });
    await expect(copying).rejects.toMatchObject({ code: 'transport/bad-document' });
  });
});
