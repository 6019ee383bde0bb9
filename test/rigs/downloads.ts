/** Downloads for tests: a client whose waits cost no time, and a store in memory that is looked at afterwards. */
import { download } from '../../src/io/download/download.ts';
import { DownloadError } from '../../src/io/download/download-error.ts';
import type { DownloadRequest } from '../../src/io/download/download-request.ts';
import type { RegistrySettings } from '../../src/io/registry/registry-settings.ts';
import { createMemoryStore } from '../../src/io/store/memory-store.ts';
import type { BlobFacts, Store } from '../../src/io/store/store.ts';
import { type Harness, makeHarness, never } from './registry-harness.ts';

export interface Downloads extends Harness {
  readonly store: Store;
  fetch(url: string, more?: Partial<DownloadRequest>): Promise<BlobFacts>;
  /** The error that a download ends with, and that nothing was stored. */
  failure(url: string, more?: Partial<DownloadRequest>): Promise<DownloadError>;
  textOf(facts: BlobFacts): Promise<string>;
}

export function makeDownloads(given: Partial<RegistrySettings> = {}): Downloads {
  const harness = makeHarness(given);
  const store = createMemoryStore();
  const context = { blobs: store.blobs, registries: harness.client, signal: never };
  const fetch: Downloads['fetch'] = (url, more = {}) =>
    download({ url, subject: url, limit: 1_000_000, ...more }, context);
  return {
    ...harness,
    store,
    fetch,
    failure: async (url, more) => {
      const error = await fetch(url, more).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof DownloadError))
        throw new Error(`no DownloadError but ${String(error)}`, { cause: error });
      for await (const { digest } of store.blobs.list()) throw new Error(`${digest} was stored`);
      return error;
    },
    textOf: async ({ digest, size }) => Buffer.from(await store.blobs.readAll(digest, size)).toString(),
  };
}
