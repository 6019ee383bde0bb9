/** A store with images behind it: what is asked for comes, once, and nothing else does. */
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/digest/digest.ts';
import type { Descriptor } from '../../../src/core/oci/descriptor.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { blobsOnDemand } from '../../../src/io/transport/blobs-on-demand.ts';
import { openStored } from '../../../src/io/transport/stored.ts';
import { collect } from '../../suites/store-suite.ts';
import { sampleImage } from './sample-image.ts';

async function scene() {
  const image = await sampleImage();
  const { blobs } = createMemoryStore();
  const seen = { opened: 0, read: [] as string[], closed: 0 };
  const open = async () => {
    seen.opened += 1;
    const source = await openStored(image.root.digest, image.blobs);
    const openBlob = (descriptor: Descriptor): AsyncIterable<Uint8Array> => {
      seen.read.push(descriptor.digest);
      return source.openBlob(descriptor);
    };
    const close = (): Promise<void> => {
      seen.closed += 1;
      return source.close();
    };
    return { ...source, openBlob, close };
  };
  const { signal } = new AbortController();
  const onDemand = blobsOnDemand([{ blobs: image.layers, open }], { blobs, signal });
  const [layer] = image.layers;
  if (layer === undefined) throw new Error('the sample has no layer');
  return { image, blobs, seen, onDemand, layer };
}

describe('blobs on demand', () => {
  it('know the size of what they would bring, and bring nothing for it', async () => {
    const { onDemand, layer, seen } = await scene();
    expect(await onDemand.size(layer.digest)).toBe(layer.size);
    await onDemand.close();
    expect(seen).toEqual({ opened: 0, read: [], closed: 0 });
  });

  it('bring a blob once, however many ask for it, and close what they opened', async () => {
    const { image, onDemand, layer, seen, blobs } = await scene();
    const whole = Buffer.concat(await collect(image.blobs.read(layer.digest)));
    const reads = await Promise.all([1, 2, 3].map(() => collect(onDemand.read(layer.digest))));
    reads.push(await collect(onDemand.read(layer.digest)));
    for (const read of reads) expect(Buffer.concat(read)).toEqual(whole);
    expect(await blobs.size(layer.digest)).toBe(layer.size);
    await onDemand.close();
    expect(seen).toEqual({ opened: 1, read: [layer.digest], closed: 1 });
  });

  it('miss what neither the store nor an image behind it has', async () => {
    const { onDemand } = await scene();
    const unknown = digestOf(Buffer.from('nowhere'));
    expect(await onDemand.size(unknown)).toBeUndefined();
    await expect(collect(onDemand.read(unknown))).rejects.toMatchObject({ code: 'store/blob-missing' });
  });

  it('ask again after a failure', async () => {
    const image = await sampleImage();
    const { blobs } = createMemoryStore();
    let attempts = 0;
    const open = () => {
      attempts += 1;
      return Promise.reject(new Error('not now'));
    };
    const [layer] = image.layers;
    const digest = layer?.digest ?? digestOf(new Uint8Array());
    const { signal } = new AbortController();
    const onDemand = blobsOnDemand([{ blobs: image.layers, open }], { blobs, signal });
    for (const attempt of [1, 2]) {
      await expect(collect(onDemand.read(digest))).rejects.toThrow('not now');
      expect(attempts).toBe(attempt);
    }
    await onDemand.close();
  });
});
