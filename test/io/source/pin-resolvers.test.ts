/** Downloads of a build that ask for one file at the same time. */
import { afterEach, expect, test } from 'vitest';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { downloader } from '../../../src/io/source/pin-resolvers.ts';
import { makeDownloads } from '../../rigs/downloads.ts';
import { listen, never, stopEverything } from '../../rigs/registry-harness.ts';

afterEach(stopEverything);

const bytes = Buffer.from('a package for every platform');
const expected = { digest: digestOf(bytes) };

test('a file that is on its way already is waited for', async () => {
  const server = await listen(() => ({ status: 200, body: bytes }));
  const { store, client } = makeDownloads();
  const download = downloader({ store, registries: client, signal: never });
  const request = { url: `${server.origin}/a`, subject: 'a', limit: 100, expected };
  const facts = await Promise.all([download(request), download(request)]);
  expect(facts).toEqual(facts.map(() => ({ ...expected, size: bytes.length })));
  expect(server.requests).toHaveLength(1);
});

test('one that failed is asked for again by whoever comes later', async () => {
  const server = await listen((_request, number) =>
    number === 1 ? { status: 404, body: '' } : { status: 200, body: bytes },
  );
  const { store, client } = makeDownloads();
  const download = downloader({ store, registries: client, signal: never });
  const request = { url: `${server.origin}/a`, subject: 'a', limit: 100, expected };
  await expect(Promise.all([download(request), download(request)])).rejects.toThrow('404');
  expect(await download(request)).toEqual({ ...expected, size: bytes.length });
});
