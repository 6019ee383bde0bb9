/** What is said of downloads before there is a plan. */
import { expect, test } from 'vitest';
import type { BuildEvent } from '../../../src/core/event/build-event.ts';
import { digestOf } from '../../../src/core/digest/digest.ts';
import type { Download, DownloadRequest } from '../../../src/io/download/download-request.ts';
import { sayDownload } from '../../../src/io/source/say-download.ts';

const said = { label: 'npm', what: '2 packages' };
const facts = { digest: digestOf(new Uint8Array(3)), size: 3 };
const request: DownloadRequest = { url: 'https://example.com/a', subject: 'a', limit: 9 };

/** Asks a server, and gets three bytes, unless the URL says otherwise. */
const download: Download = async ({ url, onBytes }) => {
  await Promise.resolve();
  if (url.endsWith('/held')) return facts;
  onBytes?.(0);
  onBytes?.(3);
  if (url.endsWith('/broken')) throw new Error('broken');
  return facts;
};

async function heard(work: (download: Download) => Promise<unknown>, failed = false): Promise<BuildEvent[]> {
  const events: BuildEvent[] = [];
  const saying = { download, emit: (event: BuildEvent) => void events.push(event), hasFailed: () => failed };
  await sayDownload(said, saying, work).catch(() => undefined);
  return events.filter(({ type }) => type !== 'download-progress');
}

test('says once that it begins, and at the end how much came', async () => {
  const events = await heard(async (get) => {
    await get(request);
    await get(request);
  });
  expect(events).toEqual([
    { type: 'download-started', ...said },
    { type: 'download-finished', ...said, outcome: 'fetched', bytes: 6 },
  ]);
});

test('says nothing where no server is asked', async () => {
  expect(await heard((get) => get({ ...request, url: 'https://example.com/held' }))).toEqual([]);
});

test('says that it failed, thrown or told', async () => {
  const failed = { type: 'download-finished', ...said, outcome: 'failed', bytes: 3 };
  const thrown = await heard((get) => get({ ...request, url: 'https://example.com/broken' }));
  expect(thrown.at(-1)).toEqual(failed);
  expect((await heard((get) => get(request), true)).at(-1)).toEqual(failed);
});
