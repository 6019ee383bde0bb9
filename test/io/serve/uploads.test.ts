import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/core/digest/digest.ts';
import type { ServeLimits } from '../../../src/io/serve/serve-limits.ts';
import { refusalIn } from '../../rigs/served-image.ts';
import { type ServedRegistry, startServe } from '../../rigs/served-registry.ts';

let registry: ServedRegistry;
afterEach(() => registry.stop());

/** On a machine that is busy a second is soon over. */
const patient = { timeout: 20_000 };
const content = 'the bytes of a layer';
const digest = digestOf(Buffer.from(content));

/** Begins an upload; gives its whole URL. */
async function begin(limits: Partial<ServeLimits> = {}): Promise<string> {
  registry = await startServe({ limits });
  return another();
}

async function another(): Promise<string> {
  const answer = await fetch(`${registry.url}/v2/acme/app/blobs/uploads/`, { method: 'POST' });
  expect([answer.status, answer.headers.get('range')]).toEqual([202, '0-0']);
  return `${registry.url}${answer.headers.get('location') ?? ''}`;
}

function patch(upload: string, body: string, range?: string): Promise<Response> {
  const headers = range === undefined ? undefined : { 'content-range': range };
  return fetch(upload, { method: 'PATCH', body, ...(headers && { headers }) });
}

function finish(upload: string, body = '', named: string = digest): Promise<Response> {
  return fetch(`${upload}?digest=${named}`, { method: 'PUT', body });
}

const temporary = () => readdirSync(join(registry.folder, 'tmp'));

describe('an upload in chunks', () => {
  test('says after each how far it has got, and becomes a blob', async () => {
    const upload = await begin();
    const first = await patch(upload, content.slice(0, 5), '0-4');
    expect([first.status, first.headers.get('range')]).toEqual([202, '0-4']);
    const second = await patch(upload, content.slice(5, 9));
    expect([second.status, second.headers.get('range')]).toEqual([202, '0-8']);
    const status = await fetch(upload);
    expect([status.status, status.headers.get('range')]).toEqual([204, '0-8']);
    expect(status.headers.get('location')).toBe(new URL(upload).pathname);
    const done = await finish(upload, content.slice(9));
    expect([done.status, done.headers.get('location')]).toEqual([201, `/v2/acme/app/blobs/${digest}`]);
    expect(done.headers.get('docker-content-digest')).toBe(digest);
    expect((await fetch(upload)).status).toBe(404);
    expect(temporary()).toEqual([]);
  });

  test('refuses a chunk that is out of order, says where it stands, and goes on', async () => {
    const upload = await begin();
    await patch(upload, content.slice(0, 5), '0-4');
    for (const range of ['0-4', '6-10']) {
      const answer = await patch(upload, content.slice(5, 10), range);
      expect(answer.headers.get('range')).toBe('0-4');
      expect(answer.headers.get('location')).toBe(new URL(upload).pathname);
      expect(await refusalIn(answer)).toBe('416 BLOB_UPLOAD_INVALID');
    }
    expect((await finish(upload, content.slice(5))).status).toBe(201);
  });

  test.each([
    ['0-9', '400 SIZE_INVALID'],
    ['five', '400 BLOB_UPLOAD_INVALID'],
  ])('refuses five bytes that are announced as %s', async (range, refusal) => {
    const upload = await begin();
    expect(await refusalIn(await patch(upload, content.slice(0, 5), range))).toBe(refusal);
    expect((await fetch(upload)).headers.get('range')).toBe('0-0');
  });

  test('keeps what arrived before a connection broke, so that the client can go on', async () => {
    const upload = await begin();
    const broken = request(upload, { method: 'PATCH', headers: { 'content-length': '20' } });
    broken.on('error', () => undefined);
    broken.write(content.slice(0, 7));
    await expect.poll(async () => (await fetch(upload)).headers.get('range'), patient).toBe('0-6');
    broken.destroy();
    await expect.poll(async () => (await patch(upload, content.slice(7), '7-19')).status, patient).toBe(202);
    expect((await finish(upload)).status).toBe(201);
    expect(registry.warnings).toEqual([]);
  });

  test('takes one request at a time', async () => {
    const upload = await begin();
    const slow = request(upload, { method: 'PATCH', headers: { 'content-length': '20' } });
    slow.on('error', () => undefined);
    slow.write('the bytes');
    await expect.poll(async () => (await fetch(upload)).headers.get('range'), patient).toBe('0-8');
    expect(await refusalIn(await patch(upload, 'other'))).toBe('400 BLOB_UPLOAD_INVALID');
    slow.destroy();
  });
});

test('bytes that have another digest become no blob, and their upload has ended', async () => {
  const upload = await begin();
  expect(await refusalIn(await finish(upload, 'other bytes'))).toBe('400 DIGEST_INVALID');
  expect((await fetch(upload)).status).toBe(404);
  expect((await fetch(`${registry.url}/v2/acme/app/blobs/${digest}`)).status).toBe(404);
  expect(temporary()).toEqual([]);
  expect(readdirSync(join(registry.folder, 'blobs/sha256'))).toEqual([]);
});

test('an upload ends when its client says so', async () => {
  const upload = await begin();
  await patch(upload, content);
  expect((await fetch(upload, { method: 'DELETE' })).status).toBe(204);
  expect(await refusalIn(await finish(upload))).toBe('404 BLOB_UPLOAD_UNKNOWN');
  expect(temporary()).toEqual([]);
});

test('an upload belongs to its repository', async () => {
  const upload = await begin();
  const elsewhere = upload.replace('acme/app', 'acme/other');
  expect(await refusalIn(await finish(elsewhere, content))).toBe('404 BLOB_UPLOAD_UNKNOWN');
});

test('a digest is needed, and has to be one, before anything is read', async () => {
  const upload = await begin();
  for (const named of ['', 'sha256:x', 'sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709']) {
    expect(await refusalIn(await finish(upload, content, named))).toBe('400 DIGEST_INVALID');
  }
  expect((await finish(upload, content)).status).toBe(201);
});

test('a blob over the limit is refused by its announcement, and while it comes', async () => {
  const upload = await begin({ blobBytes: 10 });
  expect(await refusalIn(await patch(upload, content))).toBe('413 SIZE_INVALID');
  await patch(upload, content.slice(0, 8));
  const unannounced = new Blob([content]).stream();
  const answer = await fetch(upload, { method: 'PATCH', body: unannounced, duplex: 'half' });
  expect(await refusalIn(answer)).toBe('413 SIZE_INVALID');
  expect((await fetch(upload)).headers.get('range')).toBe('0-7');
});

test('as many uploads are open as the limit allows, and one that is idle gives way', async () => {
  await begin({ openUploads: 1 });
  const start = () => fetch(`${registry.url}/v2/acme/app/blobs/uploads/`, { method: 'POST' });
  expect(await refusalIn(await start())).toBe('429 TOOMANYREQUESTS');
  await registry.restart({ limits: { openUploads: 1, idleUpload: -1 } });
  for (let round = 0; round < 3; round += 1) expect((await start()).status).toBe(202);
  expect(temporary()).toHaveLength(1);
});

test('the end of the server leaves nothing of an upload', async () => {
  const upload = await begin();
  await patch(upload, content);
  await registry.close();
  expect(readdirSync(registry.folder).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
});
