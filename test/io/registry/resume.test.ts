import { afterEach, describe, expect, test } from 'vitest';
import type { Digest } from '../../../src/core/digest/digest.ts';
import { readBlob } from '../../../src/io/registry/read-blob.ts';
import { type MockRegistry, digest, startMockRegistry } from '../../rigs/mock-registry.ts';
import type { RecordedRequest, Reply } from '../../rigs/recording-listener.ts';
import { failureOf, harnessFor, never, stopEverything, stopLater } from '../../rigs/registry-harness.ts';

afterEach(stopEverything);

const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
const blob = { mediaType: 'x', digest: digest(bytes) as Digest, size: bytes.length };
const broken: Reply = { status: 200, body: bytes, fault: 'reset-in-body' };

async function start(second: (request: RecordedRequest) => Reply | undefined): Promise<MockRegistry> {
  const override = (request: RecordedRequest, number: number): Reply | undefined => {
    if (number === 1) return broken;
    return number === 2 ? second(request) : undefined;
  };
  const mock = stopLater(await startMockRegistry({ override }));
  mock.blobs.set(blob.digest, bytes);
  return mock;
}

async function read(mock: MockRegistry): Promise<Buffer> {
  const harness = harnessFor(mock.host, { retries: { attempts: 4, first: 1, longest: 1, retryAfter: 1 } });
  const repository = await harness.client.open(mock.host, 'a/b', { purpose: 'read', signal: never });
  const chunks: Uint8Array[] = [];
  for await (const chunk of readBlob(repository, blob, never)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const ranges = (mock: MockRegistry): (string | undefined)[] =>
  mock.requests.map(({ headers }) => headers.range);

describe('a blob whose connection breaks', () => {
  test('is read on from where it broke', async () => {
    const mock = await start(() => undefined);
    expect((await read(mock)).equals(bytes)).toBe(true);
    const [first, second] = ranges(mock);
    expect(first).toBeUndefined();
    const from = Number(/^bytes=(\d+)-$/.exec(second ?? '')?.[1]);
    expect(from).toBeGreaterThan(0);
    expect(from).toBeLessThan(bytes.length);
    expect(mock.requests).toHaveLength(2);
  });

  test('is whole where the server sends all of it again', async () => {
    const mock = await start(() => ({ status: 200, body: bytes }));
    expect((await read(mock)).equals(bytes)).toBe(true);
    expect(mock.requests).toHaveLength(2);
  });

  const other = (start: number): Reply => ({
    status: 206,
    headers: {
      'content-range': `bytes ${String(start)}-${String(bytes.length - 1)}/${String(bytes.length)}`,
    },
    body: bytes.subarray(start),
  });
  test.each<[string, Reply]>([
    ['another part', other(7)],
    ['the part from the start', other(0)],
    ['a part without saying which', { status: 206, body: bytes.subarray(1000) }],
    ['no part', { status: 416 }],
  ])('is asked for whole where the server gives %s', async (_, reply) => {
    const mock = await start(() => reply);
    expect((await read(mock)).equals(bytes)).toBe(true);
    expect(mock.requests).toHaveLength(3);
    expect(ranges(mock)[2]).toBeUndefined();
  });

  test('and breaks again and again ends after the attempts of the settings', async () => {
    const mock = stopLater(await startMockRegistry({ override: () => broken }));
    const error = await failureOf(read(mock));
    expect(error.message).toContain('tried 4 times');
    expect(mock.requests).toHaveLength(4);
  });
});
