/** N29 of safety.md: a token that runs out before, or in the middle of, an upload; and who is told about it. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Digest } from '../../../src/core/digest/digest.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { writeManifest } from '../../../src/io/registry/manifests.ts';
import { writeBlob } from '../../../src/io/registry/write-blob.ts';
import { digest, type MockRegistry } from '../../rigs/mock-registry.ts';
import { type RecordedRequest, type Reply, json } from '../../rigs/recording-listener.ts';
import { type Harness, harnessFor, never, startTagged, stopEverything } from '../../rigs/registry-harness.ts';

afterEach(stopEverything);

const bytes = Buffer.alloc(400_000, 'a layer. ');
const seconds = 1000;

/** A registry whose tokens live for so many seconds by the harness's clock, and which forgets them when it is told to. */
async function startExpiring(lifetime: number): Promise<{
  readonly mock: MockRegistry;
  readonly issued: () => number;
  /** The next PUT is refused once, after all its bytes were read. */
  refuseNextPut(): void;
}> {
  let issued = 0;
  let refusing = false;
  const answer = (request: RecordedRequest): Reply | undefined => {
    if (request.path === '/token')
      return json(200, { token: `token-${String(++issued)}`, expires_in: lifetime });
    const refused = refusing && request.method === 'PUT';
    if (refused) refusing = false;
    if (!refused && request.headers.authorization === `Bearer token-${String(issued)}`) return undefined;
    return { status: 401, headers: { 'www-authenticate': `Bearer realm="${mock.origin}/token"` } };
  };
  const mock = await startTagged(answer);
  return { mock, issued: () => issued, refuseNextPut: () => (refusing = true) };
}

async function open(mock: MockRegistry, harness: Harness) {
  return await harness.client.open(mock.host, 'a/b', { purpose: 'write', signal: never });
}

/** How often the bytes were opened. */
function counted(): { readonly body: { size: number; open(): AsyncGenerator<Uint8Array> }; times(): number } {
  let times = 0;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    times += 1;
    for (let at = 0; at < bytes.length; at += 65_536)
      yield await Promise.resolve(bytes.subarray(at, at + 65_536));
  }
  return { body: { size: bytes.length, open: chunks }, times: () => times };
}

describe('N29: a token', () => {
  test('with less than a minute left is changed before the bytes are sent, not after', async () => {
    const { mock, issued } = await startExpiring(100);
    const harness = harnessFor(mock.host);
    const repository = await open(mock, harness);
    const blob = { digest: digest(bytes) as Digest, signal: never };
    const first = counted();
    await writeBlob(repository, { ...blob, body: first.body });
    expect(issued()).toBe(1);
    harness.advance(41 * seconds);
    const second = counted();
    await writeBlob(repository, { ...blob, body: second.body });
    expect(issued()).toBe(2);
    expect([first.times(), second.times()]).toEqual([1, 1]);
  });

  test('that is refused when the bytes are there is changed, and the bytes are opened again', async () => {
    const { mock, issued, refuseNextPut } = await startExpiring(3600);
    const repository = await open(mock, harnessFor(mock.host));
    const { body, times } = counted();
    refuseNextPut();
    await writeBlob(repository, { digest: digest(bytes) as Digest, body, signal: never });
    expect([issued(), times()]).toEqual([2, 2]);
    expect(bytes.equals(mock.blobs.get(digest(bytes)) ?? Buffer.alloc(0))).toBe(true);
  });

  test('that is refused at the manifest is changed too', async () => {
    const { mock, issued, refuseNextPut } = await startExpiring(3600);
    const repository = await open(mock, harnessFor(mock.host));
    await writeBlob(repository, { digest: digest(bytes) as Digest, body: counted().body, signal: never });
    const document = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [] }));
    const descriptor = {
      mediaType: mediaTypes.index,
      digest: digest(document) as Digest,
      size: document.length,
    };
    refuseNextPut();
    await writeManifest(repository, { descriptor, bytes: document }, { name: { tag: '2' }, signal: never });
    expect(issued()).toBe(2);
    expect(mock.manifests.has('a/b:2')).toBe(true);
  });
});
