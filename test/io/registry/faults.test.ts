import { afterEach, describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../../src/core/diagnostic/catalogue.ts';
import type { Digest } from '../../../src/core/digest/digest.ts';
import { fetchBlob } from '../../../src/io/registry/read-blob.ts';
import { writeBlob } from '../../../src/io/registry/write-blob.ts';
import { bodyOf } from '../../../src/io/registry/request-body.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { type MockOptions, type MockRegistry, digest, startMockRegistry } from '../../rigs/mock-registry.ts';
import { type Reply, errorDocument, json } from '../../rigs/recording-listener.ts';
import {
  type Harness,
  failureOf,
  harnessFor,
  never,
  resolveTagged,
  startTagged,
  stopEverything,
  stopLater,
  taggedDigest,
} from '../../rigs/registry-harness.ts';

afterEach(stopEverything);

const bytes = Buffer.alloc(300_000, 'the bytes of a layer. ');
const blob = { mediaType: 'x', digest: digest(bytes) as Digest, size: bytes.length };

/** Answers the first `times` requests with the reply. */
function failing(times: number, reply: Reply): NonNullable<MockOptions['override']> {
  let count = 0;
  return () => (count++ < times ? reply : undefined);
}

async function registryWith(override: NonNullable<MockOptions['override']>): Promise<MockRegistry> {
  const mock = stopLater(await startMockRegistry({ override }));
  mock.blobs.set(blob.digest, bytes);
  return mock;
}

async function fetchFrom(mock: MockRegistry, harness: Harness): Promise<string[]> {
  const { blobs } = createMemoryStore();
  const repository = await harness.client.open(mock.host, 'a/b', { purpose: 'read', signal: never });
  try {
    await fetchBlob(repository, blob, { blobs, signal: never });
  } finally {
    // Whatever happened, the store holds the right bytes or nothing.
    const held = [];
    for await (const facts of blobs.list()) held.push(facts.digest);
    expect(held.every((held) => held === blob.digest)).toBe(true);
  }
  const held = [];
  for await (const facts of blobs.list()) held.push(facts.digest);
  return held;
}

describe('N20: a registry that is busy', () => {
  test.each([
    ['2', 2000],
    ['Thu, 01 Jan 2026 00:00:09 GMT', 9000],
    ['86400', 300_000],
    ['-1', 0],
    ['', 0],
  ])('with Retry-After %j is waited for', async (value, least) => {
    const mock = await startTagged(failing(1, { status: 429, headers: { 'retry-after': value } }));
    const harness = harnessFor(mock.host);
    expect(await resolveTagged(mock.host, harness)).toBe(taggedDigest);
    expect(harness.waits).toHaveLength(1);
    expect(harness.waits[0]).toBeGreaterThanOrEqual(least);
    expect(harness.waits[0]).toBeLessThanOrEqual(least + 500);
  });

  test('for good ends with 5, the attempts and the last answer', async () => {
    const body = errorDocument('TOOMANYREQUESTS', 'you have reached your pull rate limit');
    const mock = await registryWith(() => json(429, body));
    const harness = harnessFor(mock.host);
    const error = await failureOf(fetchFrom(mock, harness));
    expect(error.code).toBe('registry/unavailable');
    expect(exitCodeOf(error.code)).toBe(5);
    expect(error.message).toContain(
      'answered 429 (TOOMANYREQUESTS: you have reached your pull rate limit) (tried 5 times)',
    );
    expect(error.help).toContain('log in');
    expect(mock.requests).toHaveLength(5);
    expect(harness.notices).toHaveLength(4);
  });

  test.each([500, 502, 503, 504, 408, 499, 522])('N21: %i is tried again', async (status) => {
    const mock = await startTagged(failing(3, { status }));
    const harness = harnessFor(mock.host);
    expect(await resolveTagged(mock.host, harness)).toBe(taggedDigest);
    expect(harness.waits).toHaveLength(3);
  });
});

describe('N22: an answer that will not change', () => {
  test.each([
    [400, 'registry/refused', undefined],
    [403, 'registry/unauthorised', 'docker login'],
    [404, 'registry/not-found', 'check the name'],
    [405, 'registry/refused', 'read-only'],
    [413, 'registry/refused', 'limits the size'],
    [501, 'registry/refused', undefined],
  ])('%i is not asked for twice', async (status, code, help) => {
    const mock = await registryWith(() => json(status, errorDocument('CODE', 'words')));
    const error = await failureOf(fetchFrom(mock, harnessFor(mock.host)));
    expect(error.code).toBe(code);
    expect(error.status).toBe(status);
    expect(error.message).toContain(`answered ${String(status)} (CODE: words)`);
    expect(error.help ?? '').toContain(help ?? '');
    expect(mock.requests).toHaveLength(1);
  });

  test.each([
    ['plain text', { type: 'text/plain', body: 'go away\u001b[2J' }, ' (go away\\x1b[2J)'],
    ['a page', { type: 'text/html', body: '<html>' }, ''],
    ['nothing', { type: 'text/plain', body: '' }, ''],
    ['broken JSON', { type: 'application/json', body: '{"errors":' }, ''],
    ['far too much', { type: 'text/plain', body: 'x'.repeat(100_000) }, ''],
  ])('with %s for its words is reported all the same', async (_, { type, body }, shown) => {
    const mock = await registryWith(() => ({ status: 400, headers: { 'content-type': type }, body }));
    const error = await failureOf(fetchFrom(mock, harnessFor(mock.host)));
    expect(error.message).toBe(
      `cannot read blob ${blob.digest} at ${mock.host}/a/b: the registry answered 400${shown}`,
    );
  });
});

describe('N23 to N25: a connection that breaks while a blob is read', () => {
  const answer = { status: 200, body: bytes };

  test.each<[string, Reply]>([
    ['before the answer', { status: 200, fault: 'reset' }],
    ['in the body', { ...answer, fault: 'reset-in-body' }],
    ['at half the promised length', { ...answer, fault: 'close-in-body' }],
    [
      'early, with no length promised',
      { ...answer, headers: { 'content-length': '' }, fault: 'close-in-body' },
    ],
    ['by silence before the answer', { status: 200, fault: 'stall' }],
    ['by silence in the body', { ...answer, fault: 'stall-in-body' }],
  ])('%s is opened again', async (_, reply) => {
    const mock = await registryWith(failing(2, reply));
    const harness = harnessFor(mock.host, shortTimeouts);
    expect(await fetchFrom(mock, harness)).toEqual([blob.digest]);
    expect(harness.waits).toHaveLength(2);
  });

  test('every time ends with 5', async () => {
    const mock = await registryWith(() => ({
      ...answer,
      headers: { 'content-length': '' },
      fault: 'close-in-body',
    }));
    const error = await failureOf(fetchFrom(mock, harnessFor(mock.host, fewAttempts)));
    expect(exitCodeOf(error.code)).toBe(5);
    expect(error.message).toContain('tried 2 times');
  });

  test('by silence every time ends with 5, and says how slow it was', async () => {
    const mock = await registryWith(() => ({ ...answer, fault: 'stall-in-body' }));
    const error = await failureOf(fetchFrom(mock, harnessFor(mock.host, fewAttempts)));
    expect(error.code).toBe('registry/unreachable');
    expect(error.message).toContain('fewer than 1000 bytes a second for 0.2 s');
  });
});

describe('N26 and N27: a blob that is not what it should be', () => {
  test.each([
    ['wrong bytes of the right length', Buffer.alloc(bytes.length)],
    ['more bytes', Buffer.concat([bytes, Buffer.from('x')])],
    ['far more bytes', Buffer.alloc(3_000_000)],
  ])('(%s) is fetched again, and is never stored', async (_, wrong) => {
    const once = await registryWith(failing(1, { status: 200, body: wrong }));
    expect(await fetchFrom(once, harnessFor(once.host))).toEqual([blob.digest]);
    const always = await registryWith(() => ({ status: 200, body: wrong }));
    const error = await failureOf(fetchFrom(always, harnessFor(always.host, fewAttempts)));
    expect(error.code).toBe('registry/differs');
    expect(exitCodeOf(error.code)).toBe(4);
  });
});

describe('N23 and N24: a connection that breaks while a blob is written', () => {
  async function write(mock: MockRegistry, harness: Harness): Promise<string> {
    const repository = await harness.client.open(mock.host, 'a/b', { purpose: 'write', signal: never });
    return await writeBlob(repository, { digest: blob.digest, body: bodyOf(bytes), signal: never });
  }

  test.each<[string, string, Reply]>([
    ['at the start of the upload', 'POST', { status: 200, fault: 'reset' }],
    ['after the bytes', 'PUT', { status: 200, fault: 'reset' }],
    ['by silence after the bytes', 'PUT', { status: 200, fault: 'stall' }],
    ['with a server error', 'PUT', { status: 502 }],
    ['with a lost upload', 'PUT', json(404, errorDocument('BLOB_UPLOAD_UNKNOWN', 'gone'))],
    ['with a lost upload of another kind', 'PUT', json(404, errorDocument('BLOB_UPLOAD_INVALID', 'gone'))],
    ['with an offset that the registry does not know', 'PUT', { status: 416 }],
  ])('%s starts again from the POST', async (_, method, reply) => {
    let failures = 0;
    const mock = stopLater(
      await startMockRegistry({
        override: (request) => (request.method === method && failures++ < 2 ? reply : undefined),
      }),
    );
    const harness = harnessFor(mock.host, shortTimeouts);
    expect(await write(mock, harness)).toBe('uploaded');
    expect(harness.waits).toHaveLength(2);
    expect(mock.requests.filter((request) => request.method === 'POST')).toHaveLength(3);
    expect(bytes.equals(mock.blobs.get(blob.digest) ?? Buffer.alloc(0))).toBe(true);
  });

  test('after the registry has it all is seen to be done', async () => {
    let failed = false;
    const mock = stopLater(
      await startMockRegistry({
        override: (request) => {
          if (request.method !== 'PUT' || failed) return undefined;
          failed = true;
          mock.blobs.set(blob.digest, request.body);
          return { status: 201, fault: 'reset' };
        },
      }),
    );
    expect(await write(mock, harnessFor(mock.host))).toBe('uploaded');
    expect(mock.requests.map((request) => request.method)).toEqual(['POST', 'PUT', 'HEAD']);
  });
});

const shortTimeouts = {
  timeouts: { connect: 1000, headers: 300, lowSpeed: { window: 200, bytesPerSecond: 1000 } },
};
const fewAttempts = { ...shortTimeouts, retries: { attempts: 2, first: 1, longest: 1, retryAfter: 1 } };
