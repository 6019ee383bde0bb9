import { afterEach, describe, expect, test } from 'vitest';
import type { Digest } from '../../../src/core/digest/digest.ts';
import { bodyOf } from '../../../src/io/registry/request-body.ts';
import { chunksOf } from '../../../src/io/registry/chunks-of.ts';
import { writeBlob } from '../../../src/io/registry/write-blob.ts';
import { type MockRegistry, digest, startMockRegistry } from '../../rigs/mock-registry.ts';
import { type RecordedRequest, type Reply, errorDocument, json } from '../../rigs/recording-listener.ts';
import { failureOf, harnessFor, never, stopEverything, stopLater } from '../../rigs/registry-harness.ts';

afterEach(stopEverything);

const bytes = Buffer.from(Array.from({ length: 250_000 }, (_, at) => (at * 7) % 253));
const wanted = digest(bytes) as Digest;
type Override = (request: RecordedRequest, patches: number) => Reply | undefined;

async function start(override: Override = () => undefined): Promise<MockRegistry> {
  let patches = 0;
  const counting = (request: RecordedRequest): Reply | undefined =>
    override(request, request.method === 'PATCH' ? ++patches : patches);
  return stopLater(await startMockRegistry({ override: counting }));
}

async function write(mock: MockRegistry, uploadChunkBytes = 100_000): Promise<string> {
  const retries = { attempts: 3, first: 1, longest: 1, retryAfter: 1 };
  const { client } = harnessFor(mock.host, { uploadChunkBytes, retries });
  const repository = await client.open(mock.host, 'a/b', { purpose: 'write', signal: never });
  return await writeBlob(repository, { digest: wanted, body: bodyOf(bytes), signal: never });
}

/** `PATCH 0-99999`, `PUT`, … */
function steps(mock: MockRegistry): string[] {
  return mock.requests.map(({ method, headers }) => `${method} ${headers['content-range'] ?? ''}`.trim());
}

function expectWhole(mock: MockRegistry): void {
  expect(bytes.equals(mock.blobs.get(wanted) ?? Buffer.alloc(0))).toBe(true);
}

const inChunks = ['POST', 'PATCH 0-99999', 'PATCH 100000-199999', 'PATCH 200000-249999', 'PUT'];

describe('an upload in chunks', () => {
  test('sends each with its place and length, follows the Location, and ends with an empty PUT', async () => {
    const mock = await start();
    expect(await write(mock)).toBe('uploaded');
    expect(steps(mock)).toEqual(inChunks);
    const [, first, second, , last] = mock.requests;
    expect(first?.headers['content-length']).toBe('100000');
    expect(second?.url).toBe('/v2/a/b/blobs/uploads/session?state=a%20b&taken=100000');
    expect(last?.body).toHaveLength(0);
    expect(last?.url).toContain(`taken=250000&digest=${encodeURIComponent(wanted)}`);
    expectWhole(mock);
  });

  test('of a blob that fits in one is one PUT', async () => {
    const mock = await start();
    await write(mock, bytes.length);
    expect(steps(mock)).toEqual(['POST', 'PUT']);
  });

  test('heeds the least size of a chunk that the registry names', async () => {
    const headers = { location: '/v2/a/b/blobs/uploads/session', 'oci-chunk-min-length': '200000' };
    const mock = await start((request) => {
      if (request.method !== 'POST') return undefined;
      mock.uploads.set('/v2/a/b/blobs/uploads/session', Buffer.alloc(0));
      return { status: 202, headers };
    });
    await write(mock);
    expect(steps(mock)).toEqual(['POST', 'PATCH 0-199999', 'PATCH 200000-249999', 'PUT']);
    expectWhole(mock);
  });

  test('to an address on another host is refused at any chunk, and nothing is sent there', async () => {
    const headers = { location: 'http://uploads.example/x', range: '0-99999' };
    const mock = await start((request) =>
      request.method === 'PATCH' ? { status: 202, headers } : undefined,
    );
    expect((await failureOf(write(mock))).code).toBe('registry/redirect-refused');
    expect(steps(mock)).toEqual(inChunks.slice(0, 2));
  });
});

describe('a chunk that breaks off', () => {
  test('before the registry has any of it is sent again', async () => {
    const mock = await start((request, patches) =>
      request.method === 'PATCH' && patches === 2 ? { status: 202, fault: 'reset' } : undefined,
    );
    await write(mock);
    expect(steps(mock)).toEqual([...inChunks.slice(0, 3), 'GET', ...inChunks.slice(2)]);
    expectWhole(mock);
  });

  test.each([
    ['half of it', 50_000, ['PATCH 150000-199999']],
    ['all of it', 100_000, []],
  ])('when the registry has %s is gone on with', async (_, taken, rest) => {
    const mock = await start((request, patches) => {
      if (request.method !== 'PATCH' || patches !== 2) return undefined;
      const before = mock.uploads.get(request.path) ?? Buffer.alloc(0);
      mock.uploads.set(request.path, Buffer.concat([before, request.body.subarray(0, taken)]));
      return { status: 202, fault: 'reset' };
    });
    await write(mock);
    expect(steps(mock)).toEqual([...inChunks.slice(0, 3), 'GET', ...rest, ...inChunks.slice(3)]);
    expectWhole(mock);
  });

  test.each<[string, Reply]>([
    ['has lost the upload', json(404, errorDocument('BLOB_UPLOAD_INVALID', 'gone'))],
    ['states what was not sent', { status: 204, headers: { range: '0-249998' } }],
    ['states less than it took', { status: 204, headers: { range: '0-9' } }],
    ['states nothing', { status: 204 }],
  ])('starts again from the POST where the registry %s', async (_, state) => {
    const mock = await start((request, patches) => {
      if (request.method === 'PATCH' && patches === 2) return { status: 202, fault: 'reset' };
      return request.method === 'GET' ? state : undefined;
    });
    await write(mock);
    expect(steps(mock)).toEqual([...inChunks.slice(0, 3), 'GET', 'HEAD', ...inChunks]);
    expectWhole(mock);
  });

  test('each time ends after the attempts of the settings', async () => {
    const mock = await start((request) =>
      request.method === 'PATCH' ? { status: 202, fault: 'reset' } : undefined,
    );
    const error = await failureOf(write(mock));
    expect(error.message).toContain('upload bytes 0 to 99999');
    expect(error.message).toContain('tried 3 times');
    expect(mock.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(3);
  });
});

describe('a registry that takes no chunks, or not these,', () => {
  test.each([400, 404, 405, 413, 416, 501])('with %i gets the blob in one PUT', async (status) => {
    const mock = await start((request) => (request.method === 'PATCH' ? { status } : undefined));
    await write(mock);
    expect(steps(mock)).toEqual(['POST', 'PATCH 0-99999', 'POST', 'PUT']);
    expectWhole(mock);
  });

  test('and refuses at the end gets the blob in one PUT, too', async () => {
    const mock = await start((request, patches) =>
      request.method === 'PUT' && patches > 0 && request.body.length === 0
        ? json(400, errorDocument('DIGEST_INVALID', 'no'))
        : undefined,
    );
    await write(mock);
    expect(steps(mock)).toEqual([...inChunks, 'POST', 'PUT']);
    expectWhole(mock);
  });

  test.each([401, 403])('with %i is not asked again in another way', async (status) => {
    const mock = await start((request) => (request.method === 'PATCH' ? { status } : undefined));
    expect((await failureOf(write(mock))).code).toBe('registry/unauthorised');
    expect(mock.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});

describe('a body in pieces', () => {
  async function pieces(sizes: readonly number[], size: number): Promise<number[]> {
    const lengths: number[] = [];
    const joined: Uint8Array[] = [];
    const parts = sizes.map((length, at) => Buffer.alloc(length, at + 1));
    const body = {
      size: sizes.reduce((sum, length) => sum + length, 0),
      async *open() {
        for (const part of parts) yield await Promise.resolve(part);
      },
    };
    for await (const piece of chunksOf(body, size)) {
      lengths.push(piece.length);
      joined.push(piece);
    }
    expect(Buffer.concat(joined).equals(Buffer.concat(parts))).toBe(true);
    return lengths;
  }

  test.each([
    [[], []],
    [[3], [3]],
    [[4], [4]],
    [
      [1, 2, 3, 4],
      [4, 4, 2],
    ],
    [[10], [4, 4, 2]],
    [
      [0, 8, 0],
      [4, 4],
    ],
  ])('of %j in fours is %j', async (sizes, expected) => {
    expect(await pieces(sizes, 4)).toEqual(expected);
  });
});
