import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { overlayStore } from '../../../src/io/store/overlay-store.ts';
import { collect, digestOfText, pattern } from '../../suites/store-suite.ts';

describe('an overlay over a store that holds something', () => {
  it('shows both, prefers the upper one, and writes nothing to the lower one', async () => {
    const [lower, upper] = [createMemoryStore(), createMemoryStore()];
    const store = overlayStore(lower, upper);
    const key = digestOfText('key');
    const below = await lower.blobs.put(pattern(10, 1));
    await lower.results.put('layer', key, 'below');
    expect(await store.blobs.size(below.digest)).toBe(10);
    expect(await store.blobs.readAll(below.digest, 10)).toEqual(pattern(10, 1));
    expect(await store.results.get('layer', key)).toBe('below');
    const above = await store.blobs.put(pattern(20, 2));
    await store.results.put('layer', key, 'above');
    expect(await store.results.get('layer', key)).toBe('above');
    expect(await lower.results.get('layer', key)).toBe('below');
    expect(await lower.blobs.size(above.digest)).toBeUndefined();
  });

  it('lists what both have once, in order', async () => {
    const [lower, upper] = [createMemoryStore(), createMemoryStore()];
    for (let at = 0; at < 30; at += 1) {
      if (at % 2 === 0) await lower.blobs.put(pattern(10, at));
      if (at % 3 === 0) await upper.blobs.put(pattern(10, at));
    }
    const digests = (await collect(overlayStore(lower, upper).blobs.list())).map(({ digest }) => digest);
    expect(digests).toHaveLength(20);
    expect(digests).toEqual([...digests].sort());
  });
});
