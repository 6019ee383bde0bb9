import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDiskStore } from '../../../src/io/store/disk-store.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { overlayStore } from '../../../src/io/store/overlay-store.ts';
import { storeSuite } from '../../suites/store-suite.ts';

storeSuite('the memory store', () =>
  Promise.resolve({ store: createMemoryStore(), close: () => Promise.resolve() }),
);

storeSuite('the disk store', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'layerwright-store-'));
  return {
    store: await openDiskStore(join(folder, 'store')),
    close: () => rm(folder, { recursive: true, force: true }),
  };
});

storeSuite('an overlay over nothing', () =>
  Promise.resolve({
    store: overlayStore(createMemoryStore(), createMemoryStore()),
    close: () => Promise.resolve(),
  }),
);

storeSuite('an overlay over a store that is not there', async () => {
  const lower = await openDiskStore(join(tmpdir(), 'layerwright-absent'), { access: 'read-only' });
  return { store: overlayStore(lower, createMemoryStore()), close: () => Promise.resolve() };
});
