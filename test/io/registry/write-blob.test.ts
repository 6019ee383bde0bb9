import { afterEach, describe, expect, test } from 'vitest';
import type { Digest } from '../../../src/core/digest/digest.ts';
import { bodyOf } from '../../../src/io/registry/request-body.ts';
import { type BlobWritten, hasBlob, writeBlob } from '../../../src/io/registry/write-blob.ts';
import { StoreError } from '../../../src/io/store/store-error.ts';
import { type MockOptions, type MockRegistry, digest, startMockRegistry } from '../../rigs/mock-registry.ts';
import { errorDocument, json, startListener } from '../../rigs/recording-listener.ts';
import {
  canaryBase64,
  expectNoCanary,
  failureOf,
  harnessFor,
  never,
  stopEverything,
  stopLater,
} from '../../rigs/registry-harness.ts';

afterEach(stopEverything);

const bytes = Buffer.alloc(200_000, 'layer ');
const blob = { digest: digest(bytes) as Digest, body: bodyOf(bytes), signal: never };

async function start(
  override: NonNullable<MockOptions['override']> = () => undefined,
): Promise<MockRegistry> {
  return stopLater(await startMockRegistry({ override }));
}

async function write(mock: MockRegistry, mountFrom?: string): Promise<BlobWritten> {
  const options = { purpose: 'write', mountFrom, signal: never } as const;
  const repository = await harnessFor(mock.host).client.open(mock.host, 'a/b', options);
  return await writeBlob(repository, { ...blob, mountFrom });
}

function steps(mock: MockRegistry): string[] {
  return mock.requests.map((request) => `${request.method} ${request.url}`);
}

const session = '/v2/a/b/blobs/uploads/session?state=a%20b';

describe('an upload', () => {
  test('is one POST and one PUT of known length, which keeps the state in the address as it is', async () => {
    const mock = await start();
    expect(await write(mock)).toBe('uploaded');
    expect(steps(mock)).toEqual([
      'POST /v2/a/b/blobs/uploads/',
      `PUT ${session}&digest=${encodeURIComponent(blob.digest)}`,
    ]);
    expect(mock.requests[1]?.headers['content-length']).toBe(String(bytes.length));
    expect(mock.requests[1]?.headers['transfer-encoding']).toBeUndefined();
  });

  test.each([200, 201, 202, 204])('is done with %i', async (status) => {
    const mock = await start((request) => (request.method === 'PUT' ? { status } : undefined));
    expect(await write(mock)).toBe('uploaded');
  });

  test('of nothing at all works', async () => {
    const mock = await start();
    const repository = await harnessFor(mock.host).client.open(mock.host, 'a/b', {
      purpose: 'write',
      signal: never,
    });
    const empty = { digest: digest('') as Digest, body: bodyOf(Buffer.alloc(0)), signal: never };
    expect(await writeBlob(repository, empty)).toBe('uploaded');
    expect(mock.blobs.get(empty.digest)).toHaveLength(0);
  });

  test('whose body fails here ends with that failure, and is not tried again', async () => {
    const mock = await start();
    const repository = await harnessFor(mock.host).client.open(mock.host, 'a/b', {
      purpose: 'write',
      signal: never,
    });
    const broken = new StoreError('store/blob-corrupt', 'the blob is corrupt');
    async function* open(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(bytes.subarray(0, 100_000));
      throw broken;
    }
    const body = { size: bytes.length, open };
    await expect(writeBlob(repository, { ...blob, body })).rejects.toBe(broken);
    expect(mock.blobs.size).toBe(0);
  });

  test('ends when the signal is aborted, with its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const mock = await start((request) => {
      if (request.method === 'PUT') controller.abort(reason);
      return request.method === 'PUT' ? { status: 201, fault: 'stall' } : undefined;
    });
    const { client } = harnessFor(mock.host);
    const repository = await client.open(mock.host, 'a/b', { purpose: 'write', signal: controller.signal });
    await expect(writeBlob(repository, { ...blob, signal: controller.signal })).rejects.toBe(reason);
  });

  test('that the registry says became another blob ends with 4', async () => {
    const headers = { 'docker-content-digest': digest('other') };
    const mock = await start((request) => (request.method === 'PUT' ? { status: 201, headers } : undefined));
    expect((await failureOf(write(mock))).code).toBe('registry/differs');
  });

  test('that expects a login gets it before the bytes are sent', async () => {
    const mock = await start((request) =>
      request.headers.authorization === undefined
        ? { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } }
        : undefined,
    );
    expect(await write(mock)).toBe('uploaded');
    expect(mock.requests.map((request) => request.method)).toEqual(['POST', 'POST', 'PUT']);
    expect(mock.requests[2]?.headers.authorization).toBe(`Basic ${canaryBase64}`);
  });

  test('whose login is refused in the middle is sent again whole', async () => {
    let refused = false;
    const mock = await start((request) => {
      if (request.path === '/token') return json(200, { token: refused ? 'new' : 'old', expires_in: 3600 });
      if (request.method === 'PUT' && !refused) {
        refused = true;
        return { status: 401, headers: { 'www-authenticate': `Bearer realm="${mock.origin}/token"` } };
      }
      if (request.headers.authorization === `Bearer ${refused ? 'new' : 'old'}`) return undefined;
      return { status: 401, headers: { 'www-authenticate': `Bearer realm="${mock.origin}/token"` } };
    });
    expect(await write(mock)).toBe('uploaded');
    expect(mock.blobs.get(blob.digest)?.length).toBe(bytes.length);
  });
});

describe('an upload whose address is elsewhere', () => {
  test('on another port of the same host gets the bytes, and no credentials', async () => {
    const other = stopLater(await startListener(() => ({ status: 201 })));
    const mock = await start((request) => {
      if (request.headers.authorization === undefined) {
        return { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };
      }
      return { status: 202, headers: { location: `${other.origin}/up` } };
    });
    expect(await write(mock)).toBe('uploaded');
    expect(other.requests[0]?.body.equals(bytes)).toBe(true);
    expectNoCanary(other);
    expect(other.seen().toLowerCase()).not.toContain('authorization');
  });

  test.each(['http://uploads.example/x', 'http://169.254.169.254/x', 'ftp://127.0.0.1/x', ''])(
    'at %j is refused with 3',
    async (location) => {
      const mock = await start(() => ({ status: 202, headers: location === '' ? {} : { location } }));
      const error = await failureOf(write(mock));
      expect(error.code).toBe('registry/redirect-refused');
      expect(mock.requests).toHaveLength(1);
    },
  );

  test('by a redirect of the PUT is refused too', async () => {
    const headers = { location: 'http://uploads.example/x' };
    const mock = await start((request) => (request.method === 'PUT' ? { status: 307, headers } : undefined));
    expect((await failureOf(write(mock))).code).toBe('registry/redirect-refused');
  });

  test('a redirect that would turn the PUT into a GET is an error', async () => {
    const headers = { location: '/elsewhere' };
    const mock = await start((request) => (request.method === 'PUT' ? { status: 302, headers } : undefined));
    expect((await failureOf(write(mock))).code).toBe('registry/unexpected-answer');
  });
});

describe('a mount', () => {
  const mount = `POST /v2/a/b/blobs/uploads/?mount=${encodeURIComponent(blob.digest)}&from=base%2Fimage`;

  test('that works sends no bytes', async () => {
    const mock = await start((request) => (request.url.includes('mount=') ? { status: 201 } : undefined));
    expect(await write(mock, 'base/image')).toBe('mounted');
    expect(steps(mock)).toEqual([mount]);
  });

  test('that opens an upload instead is used as one', async () => {
    const mock = await start();
    expect(await write(mock, 'base/image')).toBe('uploaded');
    expect(steps(mock)[0]).toBe(mount);
    expect(mock.requests.map((request) => request.method)).toEqual(['POST', 'PUT']);
  });

  test.each([400, 401, 403, 404, 405, 409, 422])(
    'that is refused with %i becomes a plain upload',
    async (status) => {
      const refusal = json(status, errorDocument('DENIED', 'no'));
      const mock = await start((request) => (request.url.includes('mount=') ? refusal : undefined));
      expect(await write(mock, 'base/image')).toBe('uploaded');
      expect(steps(mock)).toEqual([
        mount,
        'POST /v2/a/b/blobs/uploads/',
        `PUT ${session}&digest=${encodeURIComponent(blob.digest)}`,
      ]);
    },
  );

  test('asks for the right to read the other repository', async () => {
    const mock = await start((request) => {
      if (request.path === '/token') return json(200, { token: 't' });
      if (request.headers.authorization !== undefined) return undefined;
      return { status: 401, headers: { 'www-authenticate': `Bearer realm="${mock.origin}/token"` } };
    });
    await write(mock, 'base/image');
    const [token] = mock.requests.filter((request) => request.path === '/token');
    expect(token?.query.getAll('scope')).toEqual(['repository:a/b:pull,push', 'repository:base/image:pull']);
  });
});

describe('whether a blob is there', () => {
  const ask = async (override: NonNullable<MockOptions['override']>): Promise<boolean> => {
    const mock = await start(override);
    const repository = await harnessFor(mock.host).client.open(mock.host, 'a/b', {
      purpose: 'write',
      signal: never,
    });
    return await hasBlob(repository, blob.digest, never);
  };

  test('a redirect says yes, and is not followed: its address is often signed for GET alone', async () => {
    const storage = stopLater(await startListener(() => ({ status: 400 })));
    expect(await ask(() => ({ status: 307, headers: { location: `${storage.origin}/x` } }))).toBe(true);
    expect(storage.connections()).toBe(0);
  });

  test.each([400, 401, 403, 404, 405])('%i says no: the upload will tell why', async (status) => {
    expect(await ask(() => ({ status }))).toBe(false);
  });

  test('another digest is an error', async () => {
    const headers = { 'docker-content-digest': digest('other') };
    expect((await failureOf(ask(() => ({ status: 200, headers })))).code).toBe('registry/differs');
  });
});
