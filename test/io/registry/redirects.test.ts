import { afterEach, describe, expect, test } from 'vitest';
import type { Digest } from '../../../src/core/digest/digest.ts';
import { fetchBlob } from '../../../src/io/registry/read-blob.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { type MockOptions, digest, startMockRegistry } from '../../rigs/mock-registry.ts';
import { type RecordingListener, type Reply, startListener } from '../../rigs/recording-listener.ts';
import {
  canary,
  canaryBase64,
  canaryFor,
  stopEverything,
  stopLater,
  failureOf,
  makeHarness,
  never,
} from '../../rigs/registry-harness.ts';

const bytes = Buffer.from('the bytes of a layer');
const blob = { mediaType: 'x', digest: digest(bytes) as Digest, size: bytes.length };

afterEach(stopEverything);

async function listen(respond: (path: string, number: number) => Reply): Promise<RecordingListener> {
  const listener = await startListener((request, number) => respond(request.path, number));
  stopLater(listener);
  return listener;
}

/** A registry behind basic authentication whose blobs are where `blobReply` says. */
async function registry(blobReply: NonNullable<MockOptions['override']>) {
  const mock = await startMockRegistry({
    override: (request, number) => {
      if (request.headers.authorization === undefined) {
        return { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };
      }
      return blobReply(request, number);
    },
  });
  stopLater(mock);
  return mock;
}

function fetchFrom(host: string): Promise<unknown> {
  const { client } = makeHarness({ credentials: canaryFor(host), plainHttp: [host] });
  const { blobs } = createMemoryStore();
  return client
    .open(host, 'a/b', { purpose: 'read', signal: never })
    .then((repository) => fetchBlob(repository, blob, { blobs, signal: never }));
}

function leaksNothing(listener: RecordingListener): void {
  expect(listener.seen()).not.toContain(canary);
  expect(listener.seen()).not.toContain(canaryBase64);
  expect(listener.seen().toLowerCase()).not.toMatch(/authorization|cookie/);
}

describe('a blob that is redirected', () => {
  test.each([301, 302, 303, 307, 308])(
    'by %i is read at the other place, which never sees credentials',
    async (status) => {
      const storage = await listen(() => ({ status: 200, body: bytes }));
      const mock = await registry(() => ({
        status,
        headers: { location: `${storage.origin}/signed?x=1`, 'set-cookie': `session=${canary}` },
      }));
      await expect(fetchFrom(mock.host)).resolves.toEqual({ digest: blob.digest, size: blob.size });
      expect(storage.requests.map((request) => request.url)).toEqual(['/signed?x=1']);
      expect(mock.seen()).toContain(canaryBase64);
      leaksNothing(storage);
    },
  );

  test('gets no credentials when it comes back to the registry', async () => {
    const detour = await listen(() => ({ status: 307, headers: { location: `${mock.origin}/v2/back` } }));
    const mock = await startMockRegistry({
      override: (request) => {
        if (request.path === '/v2/back') return { status: 200, body: bytes };
        if (request.headers.authorization === undefined) {
          return { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };
        }
        return { status: 307, headers: { location: `${detour.origin}/x` } };
      },
    });
    stopLater(mock);
    await fetchFrom(mock.host);
    expect(mock.requests.at(-1)?.path).toBe('/v2/back');
    expect(mock.requests.at(-1)?.headers.authorization).toBeUndefined();
    leaksNothing(detour);
  });

  test('keeps its credentials on a path of the registry itself', async () => {
    const mock = await registry((request) =>
      request.path === '/elsewhere'
        ? { status: 200, body: bytes }
        : { status: 307, headers: { location: '/elsewhere' } },
    );
    await fetchFrom(mock.host);
    expect(mock.requests.at(-1)?.headers.authorization).toBe(`Basic ${canaryBase64}`);
  });

  test('a 401 of the other place is never answered with our credentials', async () => {
    const storage = await listen(() => ({
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="${storage.origin}/token"` },
    }));
    const mock = await registry(() => ({ status: 307, headers: { location: `${storage.origin}/x` } }));
    const error = await failureOf(fetchFrom(mock.host));
    expect(error.code).toBe('registry/unauthorised');
    expect(storage.requests).toHaveLength(1);
    leaksNothing(storage);
  });

  test('is given up after five hops, and in a loop', async () => {
    const mock = await registry((request) => ({ status: 307, headers: { location: `${request.path}x` } }));
    const error = await failureOf(fetchFrom(mock.host));
    expect(error.code).toBe('registry/too-many-redirects');
    expect(error.message).toContain('more than 5 times');
    // One 401, the first answer, and five hops.
    expect(mock.requests).toHaveLength(7);
    const loop = await registry((request) => ({ status: 302, headers: { location: request.path } }));
    expect((await failureOf(fetchFrom(loop.host))).code).toBe('registry/too-many-redirects');
  });

  test('is not followed to an address of another kind, a file, or a URL with a password', async () => {
    for (const location of ['http://169.254.169.254/x', 'file:///etc/passwd', 'http://a:b@127.0.0.1/x']) {
      const mock = await registry(() => ({ status: 307, headers: { location } }));
      const error = await failureOf(fetchFrom(mock.host));
      expect(error.code).toBe('registry/redirect-refused');
    }
  });

  test('is not followed without a Location', async () => {
    const mock = await registry(() => ({ status: 307 }));
    expect((await failureOf(fetchFrom(mock.host))).message).toContain('it gave no Location');
  });
});

test('foreign urls of a layer are never contacted', async () => {
  const foreign = await listen(() => ({ status: 200, body: bytes }));
  const mock = await registry(() => undefined);
  const { client } = makeHarness({ credentials: canaryFor(mock.host), plainHttp: [mock.host] });
  const repository = await client.open(mock.host, 'a/b', { purpose: 'read', signal: never });
  const { blobs } = createMemoryStore();
  const descriptor = { ...blob, urls: [`${foreign.origin}/layer`] };
  const error = await failureOf(fetchBlob(repository, descriptor, { blobs, signal: never }));
  expect(error.code).toBe('registry/not-found');
  expect(foreign.connections()).toBe(0);
});
