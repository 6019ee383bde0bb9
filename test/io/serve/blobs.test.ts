import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { refusalIn } from '../../rigs/served-image.ts';
import { pushTo, type ServedRegistry, startServe } from '../../rigs/served-registry.ts';

let registry: ServedRegistry;
beforeEach(async () => {
  registry = await startServe();
});
afterEach(() => registry.stop());

const text = 'the bytes of a layer';
const at = (repository: string) => `${registry.url}/v2/${repository}`;
const blob = (repository: string, digest: string) => `${at(repository)}/blobs/${digest}`;
const bytesOnDisk = (algorithm = 'sha256') => readdirSync(join(registry.folder, 'blobs', algorithm));

describe('a blob that is there', () => {
  let digest: string;
  beforeEach(async () => {
    digest = await pushTo(at('acme/app'), text);
  });

  test('comes whole, with its digest and length', async () => {
    const answer = await fetch(blob('acme/app', digest));
    expect(await answer.text()).toBe(text);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-length': '20',
      'content-type': 'application/octet-stream',
      'docker-content-digest': digest,
      'accept-ranges': 'bytes',
      'docker-distribution-api-version': 'registry/2.0',
    });
  });

  test('is told of without its bytes', async () => {
    const answer = await fetch(blob('acme/app', digest), { method: 'HEAD', headers: { range: 'bytes=1-2' } });
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([
      200,
      '20',
      '',
    ]);
  });

  test('comes in part', async () => {
    const answer = await fetch(blob('acme/app', digest), { headers: { range: 'bytes=4-8' } });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([206, 'bytes 4-8/20']);
    expect(await answer.text()).toBe('bytes');
  });

  test('says its size where a part of it begins beyond its end', async () => {
    const answer = await fetch(blob('acme/app', digest), { headers: { range: 'bytes=20-' } });
    expect(answer.headers.get('content-range')).toBe('bytes */20');
    expect(await refusalIn(answer)).toBe('416 SIZE_INVALID');
  });

  test('comes whole where the client has begun with other bytes', async () => {
    const headers = { range: 'bytes=4-8', 'if-range': '"sha256:other"' };
    expect((await fetch(blob('acme/app', digest), { headers })).status).toBe(200);
    const same = { range: 'bytes=4-8', 'if-range': `"${digest}"` };
    expect((await fetch(blob('acme/app', digest), { headers: same })).status).toBe(206);
  });

  test.each(['"DIGEST"', 'W/"DIGEST"', '"other", "DIGEST"', '*'])(
    'is not sent again to who has it (If-None-Match: %s)',
    async (condition) => {
      const headers = { 'if-none-match': condition.replace('DIGEST', digest) };
      const answer = await fetch(blob('acme/app', digest), { headers });
      expect([answer.status, await answer.text()]).toEqual([304, '']);
    },
  );

  test('is not there for other repositories', async () => {
    expect(await refusalIn(await fetch(blob('acme/other', digest)))).toBe('404 BLOB_UNKNOWN');
    expect((await fetch(blob('acme', digest))).status).toBe(404);
  });

  test('is mounted without being sent, from a repository that is named or from any', async () => {
    const mount = (target: string, query: string) =>
      fetch(`${at(target)}/blobs/uploads/?mount=${digest}${query}`, { method: 'POST' });
    const mounted = await mount('one', '&from=acme/app');
    expect([mounted.status, mounted.headers.get('location')]).toEqual([201, `/v2/one/blobs/${digest}`]);
    expect((await mount('two', '')).status).toBe(201);
    for (const repository of ['one', 'two']) {
      expect(await (await fetch(blob(repository, digest))).text()).toBe(text);
    }
  });

  test('is to be uploaded where the other repository does not have it', async () => {
    const answer = await fetch(`${at('one')}/blobs/uploads/?mount=${digest}&from=two`, { method: 'POST' });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toMatch(/^\/v2\/one\/blobs\/uploads\/[0-9a-f-]{36}$/);
  });

  test('stays for others when one repository deletes it, and goes with the last', async () => {
    await pushTo(at('other'), text);
    const remove = (repository: string) => fetch(blob(repository, digest), { method: 'DELETE' });
    expect((await remove('acme/app')).status).toBe(202);
    expect(await refusalIn(await remove('acme/app'))).toBe('404 BLOB_UNKNOWN');
    expect((await fetch(blob('other', digest))).status).toBe(200);
    expect(bytesOnDisk()).toHaveLength(1);
    expect((await remove('other')).status).toBe(202);
    expect(bytesOnDisk()).toEqual([]);
  });
});

test('a blob that has rotted never arrives whole, and is not there from then on', async () => {
  const large = Buffer.alloc(1_000_000, 'x');
  const digest = await pushTo(at('acme/app'), large);
  writeFileSync(join(registry.folder, 'blobs', digest.replace(':', '/')), large.fill('y', 10, 11));
  const answer = await fetch(blob('acme/app', digest));
  await expect(answer.arrayBuffer()).rejects.toThrow();
  expect((await fetch(blob('acme/app', digest), { method: 'HEAD' })).status).toBe(404);
  expect(registry.warnings.join('\n')).toContain('is corrupt: its bytes have the digest');
});

test('a blob may be named by sha512, and may be empty', async () => {
  for (const content of ['', text]) {
    const digest = digestOf(Buffer.from(content), 'sha512');
    const started = await fetch(`${at('acme/app')}/blobs/uploads/`, { method: 'POST' });
    const target = `${registry.url}${started.headers.get('location') ?? ''}?digest=${digest}`;
    expect((await fetch(target, { method: 'PUT', body: content })).status).toBe(201);
    expect(await (await fetch(blob('acme/app', digest))).text()).toBe(content);
  }
  expect(bytesOnDisk('sha512')).toHaveLength(2);
});

test('a method that a path does not know is refused with those that it does', async () => {
  const answer = await fetch(blob('acme/app', digestOf(Buffer.from('x'))), { method: 'PUT', body: 'x' });
  expect(answer.headers.get('allow')).toBe('GET, HEAD, DELETE');
  expect(await refusalIn(answer)).toBe('405 UNSUPPORTED');
});
