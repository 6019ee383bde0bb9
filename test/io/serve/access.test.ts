import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { parseAccounts } from '../../../src/io/serve/accounts.ts';
import { type Certificate, makeCertificate } from '../../rigs/certificate.ts';
import { manifestIn, put, refusalIn } from '../../rigs/served-image.ts';
import { pushTo, type ServedRegistry, startServe } from '../../rigs/served-registry.ts';

const started: ServedRegistry[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.stop()));
});

async function start(...[options]: Parameters<typeof startServe>): Promise<ServedRegistry> {
  const registry = await startServe(options);
  started.push(registry);
  return registry;
}

const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });

describe('with accounts', () => {
  const accounts = parseAccounts('# who may push\nalice:s3cret\n\nbob:pass:word ä\r\n', 'accounts.txt');

  test.each(['alice:s3cret', 'bob:pass:word ä'])('%s may do everything', async (pair) => {
    const { url } = await start({ accounts });
    const headers = basic(pair);
    expect((await fetch(`${url}/v2/`, { headers })).status).toBe(200);
    expect((await fetch(`${url}/v2/a/blobs/uploads/`, { method: 'POST', headers })).status).toBe(202);
  });

  test.each([
    ['no credentials', {}],
    ['a wrong password', basic('alice:s3crets')],
    ['a password of somebody else', basic('bob:s3cret')],
    ['an empty pair', basic('')],
    ['a token', { authorization: 'Bearer YWxpY2U6czNjcmV0' }],
    ['what is no base64', { authorization: 'Basic *' }],
  ])('%s may do nothing, and learns how to ask', async (_what, headers) => {
    const { url } = await start({ accounts });
    for (const path of ['/v2/', '/v2/_catalog', '/v2/a/tags/list', '/nowhere']) {
      const answer = await fetch(url + path, { headers });
      expect(answer.headers.get('www-authenticate')).toBe('Basic realm="layerwright", charset="UTF-8"');
      expect(await refusalIn(answer)).toBe('401 UNAUTHORIZED');
    }
  });

  test.each(['alice', ':s3cret', 'alice:'])('a line that is %s is no account, and is not quoted', (line) => {
    expect(() => parseAccounts(`bob:x\n${line}`, 'accounts.txt')).toThrow(
      'line 2 of accounts.txt is not USER:PASSWORD',
    );
  });
});

describe('that is read-only', () => {
  test('offers what is there, refuses every change and writes nothing', async () => {
    const source = await start();
    const manifest = await manifestIn(`${source.url}/v2/acme/app`);
    await put(`${source.url}/v2/acme/app`, manifest, '1.0');
    await source.close();
    const state = () =>
      readdirSync(source.folder, { recursive: true })
        .map((name) => String(name))
        .sort();
    const before = state();
    const { url } = await start({ folder: source.folder, access: 'read-only' });
    const app = `${url}/v2/acme/app`;
    expect(await (await fetch(`${app}/manifests/1.0`)).text()).toBe(manifest.text);
    const changes = [
      ['POST', `${app}/blobs/uploads/`],
      ['PUT', `${app}/manifests/2.0`],
      ['DELETE', `${app}/manifests/1.0`],
      ['DELETE', `${app}/blobs/${manifest.digest}`],
    ] as const;
    for (const [method, path] of changes) {
      const answer = await fetch(path, { method });
      expect(answer.headers.get('allow')).toBe('GET, HEAD');
      expect(await refusalIn(answer)).toBe('405 UNSUPPORTED');
    }
    expect(state()).toEqual(before);
  });

  test('stands beside another server on the same folder', async () => {
    const source = await start();
    const reader = await start({ folder: source.folder, access: 'read-only' });
    await put(`${source.url}/v2/acme/app`, await manifestIn(`${source.url}/v2/acme/app`), '1.0');
    expect((await fetch(`${reader.url}/v2/acme/app/manifests/1.0`)).status).toBe(200);
  });

  test('needs a layout that is there', async () => {
    const source = await start();
    await source.close();
    await expect(startServe({ folder: `${source.folder}-2`, access: 'read-only' })).rejects.toMatchObject({
      code: 'serve/not-a-layout',
    });
  });
});

describe('over TLS', () => {
  let certificate: Certificate;
  afterEach(() => certificate.remove());

  test('speaks https, and nothing else', async () => {
    certificate = await makeCertificate();
    const registry = await start({ tls: certificate });
    expect(registry.url).toBe(`https://${registry.host}`);
    const status = await new Promise((resolve, reject) => {
      request(`${registry.url}/v2/`, { ca: certificate.certificate }, (answer) => resolve(answer.statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
    await expect(fetch(`http://${registry.host}/v2/`)).rejects.toThrow();
  });
});

test('a page in a browser is answered nothing', async () => {
  const { url } = await start();
  const answer = await fetch(`${url}/v2/_catalog`, { headers: { origin: 'https://example.com' } });
  expect(await refusalIn(answer)).toBe('403 DENIED');
});

test('it listens on loopback, and two servers never on one folder', async () => {
  const registry = await start();
  expect(registry.host).toMatch(/^127\.0\.0\.1:\d+$/);
  await expect(startServe({ folder: registry.folder })).rejects.toMatchObject({ code: 'serve/in-use' });
  await pushTo(`${registry.url}/v2/a`, 'still at work');
});

test('what a killed server left is reclaimed by the next', async () => {
  const registry = await start();
  await pushTo(`${registry.url}/v2/a`, 'kept');
  await fetch(`${registry.url}/v2/a/blobs/uploads/`, { method: 'POST' });
  // As a server that was killed leaves it: the names carry a process that is no more.
  const copy = `${registry.folder}-killed`;
  for (const part of ['blobs', 'repositories', 'index.json', 'oci-layout']) {
    cpSync(join(registry.folder, part), join(copy, part), { recursive: true });
  }
  for (const part of ['tmp', 'leases'] as const) {
    const [name = ''] = readdirSync(join(registry.folder, part));
    const dead = name.replace(/^\d+\.\d+/, '4000000.1');
    cpSync(join(registry.folder, part, name), join(copy, part, dead));
  }
  const next = await start({ folder: copy });
  expect(readdirSync(join(copy, 'tmp'))).toEqual([]);
  expect(readdirSync(join(copy, 'leases'))).toHaveLength(1);
  expect((await fetch(`${next.url}/v2/a/tags/list`)).status).toBe(200);
});

test('a client that goes silent is not waited for', async () => {
  const registry = await start({ limits: { idleConnection: 100 } });
  const [host = '', port = ''] = registry.host.split(':');
  const socket = connect(Number(port), host);
  socket.write('PUT /v2/a/manifests/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');
  await new Promise((resolve) =>
    socket
      .on('close', resolve)
      .on('error', () => undefined)
      .resume(),
  );
  expect(registry.warnings).toEqual([]);
});

test('files are as the umask of the server says, so a folder can be handed over', async () => {
  const registry = await start();
  const digest = await pushTo(`${registry.url}/v2/a`, 'x');
  const { mode } = statSync(join(registry.folder, 'blobs', digest.replace(':', '/')));
  const own = join(registry.folder, 'own-file');
  writeFileSync(own, '');
  expect(mode).toBe(statSync(own).mode);
  expect(readFileSync(join(registry.folder, 'oci-layout'), 'utf8')).toBe('{"imageLayoutVersion":"1.0.0"}');
});
