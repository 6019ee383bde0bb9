import { describe, expect, it } from 'vitest';
import { digestOfValue } from '../../../src/core/digest/digest.ts';
import type { BuildInputs } from '../../../src/core/plan/build-inputs.ts';
import {
  buildsLike,
  keptBuilds,
  listBuilds,
  recallBuild,
  rememberBuild,
} from '../../../src/io/execute/build-history.ts';
import type { ContentOpener } from '../../../src/io/source/open-content.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { StoreError } from '../../../src/io/store/store-error.ts';
import type { Store } from '../../../src/io/store/store.ts';

const identity = { folder: '/work/api', file: 'oci.config.yaml' };

function inputs(epoch: number, selection = ''): BuildInputs {
  const settings = { layerFormat: 1, epoch };
  const plan = { planVersion: 1, settings, actions: [], images: [] } as const;
  return { plan, asked: {}, recipe: digestOfValue('the recipe'), selection };
}

function remember(store: Store, made: BuildInputs): Promise<void> {
  return rememberBuild(store, identity, { inputs: made, trees: {}, images: [], contents: noContents });
}

const noContents: ContentOpener = {
  open: () => {
    throw new Error('nothing is read');
  },
  close: () => Promise.resolve(),
};

async function epochs(store: Store): Promise<(number | undefined)[]> {
  const listed = await listBuilds(store.results, identity);
  const records = await Promise.all(listed.map((build) => recallBuild(store, build)));
  return records.map((record) => record?.plan.settings.epoch);
}

describe('the builds of a recipe', () => {
  it('are remembered newest first, each only where it differs from the one before', async () => {
    const store = createMemoryStore();
    for (const epoch of [1, 1, 2, 2, 1]) await remember(store, inputs(epoch));
    expect(await epochs(store)).toEqual([1, 2, 1]);
  });

  it('are forgotten beyond a number', async () => {
    const store = createMemoryStore();
    for (let epoch = 0; epoch <= keptBuilds; epoch += 1) await remember(store, inputs(epoch));
    const remembered = await epochs(store);
    expect([remembered.length, remembered[0], remembered.at(-1)]).toEqual([keptBuilds, keptBuilds, 1]);
  });

  it('follow those of the same choice of images, where there are any', async () => {
    const store = createMemoryStore();
    for (const [epoch, selection] of [
      [1, ''],
      [2, 'api'],
      [1, ''],
      [2, 'api'],
    ] as const) {
      await remember(store, inputs(epoch, selection));
    }
    const listed = await listBuilds(store.results, identity);
    expect(listed.map(({ selection }) => selection)).toEqual(['api', '']);
    expect(buildsLike(listed, '').map(({ selection }) => selection)).toEqual(['']);
    expect(buildsLike(listed, 'other')).toEqual(listed);
  });

  it('are no reason for a build to fail where the store cannot be written to', async () => {
    const store = createMemoryStore();
    const put = (): Promise<never> => Promise.reject(new StoreError('store/full', 'no room'));
    await remember({ blobs: { ...store.blobs, put }, results: store.results }, inputs(1));
    expect(await epochs(store)).toEqual([]);
  });

  it('count as unknown where a record is of another version, or gone', async () => {
    const store = createMemoryStore();
    await store.results.put('builds', digestOfValue(identity), { version: 99, builds: [{}] });
    expect(await listBuilds(store.results, identity)).toEqual([]);
    const { digest } = await store.blobs.put(Buffer.from('{"version":99}'));
    const listed = { inputs: digest, selection: '', record: digest };
    expect(await recallBuild(store, listed)).toBeUndefined();
    expect(await recallBuild(store, { ...listed, record: digestOfValue('gone') })).toBeUndefined();
  });
});
