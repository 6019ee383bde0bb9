/** A registry that takes what is pushed and does not keep it (safety.md N30, N31). */
import { afterEach, describe, expect, test } from 'vitest';
import { deliverToRegistry } from '../../../src/io/transport/registry.ts';
import type { Receipt } from '../../../src/io/transport/transport.ts';
import { type MockOptions, type MockRegistry, startMockRegistry } from '../../rigs/mock-registry.ts';
import { errorDocument, json } from '../../rigs/recording-listener.ts';
import { failureOf, harnessFor, never, stopEverything, stopLater } from '../../rigs/registry-harness.ts';
import { contextOf, referenceTo, sample } from '../../rigs/registry-sample.ts';

afterEach(stopEverything);

async function start(override: NonNullable<MockOptions['override']>): Promise<MockRegistry> {
  return stopLater(await startMockRegistry({ override }));
}

async function push(mock: MockRegistry): Promise<Receipt> {
  const image = await sample();
  const target = { reference: referenceTo(mock.host), tags: ['1'] };
  const context = { ...contextOf(harnessFor(mock.host)), signal: never };
  return await deliverToRegistry({ ...image, root: image.amd64.root, references: [] }, target, context);
}

const count = (mock: MockRegistry, method: string, part: string): number =>
  mock.requests.filter((request) => request.method === method && request.path.includes(part)).length;

describe('a registry that forgets', () => {
  test('every blob is told of after the second time, before any manifest', async () => {
    const mock = await start((request) => (request.method === 'PUT' ? { status: 201 } : undefined));
    const error = await failureOf(push(mock));
    expect(error.message).toContain('the registry took it twice and then did not have it');
    expect(count(mock, 'PUT', '/manifests/')).toBe(0);
  });

  test('nothing, and only does not answer HEAD, is no reason to push again', async () => {
    const mock = await start((request) =>
      request.method === 'HEAD' && request.path.includes('/blobs/') ? { status: 405 } : undefined,
    );
    expect((await push(mock)).moved).toBe(4);
    expect(count(mock, 'PUT', '/blobs/')).toBe(3);
  });

  const unknown = json(400, errorDocument('MANIFEST_BLOB_UNKNOWN', 'blob unknown to registry'));

  test('a blob before the manifest comes gets it once more', async () => {
    let refusals = 0;
    const mock = await start((request) => {
      if (request.method !== 'PUT' || !request.path.includes('/manifests/') || refusals++ > 0)
        return undefined;
      const [first = ''] = mock.blobs.keys();
      mock.blobs.delete(first);
      return unknown;
    });
    await push(mock);
    expect(mock.blobs.size).toBe(3);
    expect(count(mock, 'PUT', '/blobs/')).toBe(4);
  });

  test('a blob each time is told of in its own words', async () => {
    const mock = await start((request) =>
      request.method === 'PUT' && request.path.includes('/manifests/') ? unknown : undefined,
    );
    expect((await failureOf(push(mock))).message).toContain(
      'MANIFEST_BLOB_UNKNOWN: blob unknown to registry',
    );
    expect(count(mock, 'PUT', '/manifests/')).toBe(2);
  });
});
