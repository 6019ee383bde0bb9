/** The client against our own server, which has what docker-registry 2.8 lacks: referrers, chunks that can be resumed, sha512. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Digest } from '../../../src/core/digest/digest.ts';
import { attachReferrer } from '../../../src/io/registry/attach-referrer.ts';
import { readManifest } from '../../../src/io/registry/manifests.ts';
import { readBlob } from '../../../src/io/registry/read-blob.ts';
import { listReferrers } from '../../../src/io/registry/referrers.ts';
import { referrersTag } from '../../../src/io/registry/referrers-tag.ts';
import type { Repository } from '../../../src/io/registry/repository.ts';
import { bodyOf } from '../../../src/io/registry/request-body.ts';
import { writeBlob } from '../../../src/io/registry/write-blob.ts';
import { nativeDigestOf } from '../../../src/io/store/native-hasher.ts';
import { digest } from '../../rigs/mock-registry.ts';
import { artifact, emptyConfig } from '../../rigs/referrer-sample.ts';
import { failureOf, makeHarness, never, stopEverything } from '../../rigs/registry-harness.ts';
import { type ServedRegistry, startServe } from '../../rigs/served-registry.ts';
import { type Vendor, startVendor } from '../../rigs/vendor-profile.ts';

let server: ServedRegistry;

beforeEach(async () => {
  server = await startServe();
});
afterEach(async () => {
  await stopEverything();
  await server.stop();
});

async function open(host = server.host): Promise<Repository> {
  const { client } = makeHarness({ uploadChunkBytes: 100_000 });
  return await client.open(host, 'team/app', { purpose: 'write', signal: never });
}

test('a registry that is there answers a ping; one that is not is named', async () => {
  const { client } = makeHarness({ retries: { attempts: 1, first: 1, longest: 1, retryAfter: 1 } });
  await client.ping(server.host, never);
  expect((await failureOf(client.ping('127.0.0.1:1', never))).message).toContain('127.0.0.1:1');
});

test('referrers are listed by the registry, and no tag is written', async () => {
  const repository = await open();
  const subject = digest('an image') as Digest;
  await writeBlob(repository, { digest: emptyConfig.digest, body: bodyOf(Buffer.from('{}')), signal: never });
  for (const type of ['x/sbom', 'x/signature']) {
    expect(await attachReferrer(repository, artifact(subject, type), never)).toBe('registry');
  }
  const found = await listReferrers(repository, subject, { artifactType: 'x/sbom', signal: never });
  expect(found.map(({ artifactType }) => artifactType)).toEqual(['x/sbom']);
  const tag = readManifest(repository, { tag: referrersTag(subject) }, never);
  expect((await failureOf(tag)).code).toBe('registry/not-found');
});

test('a chunk that broke off is gone on with, and the blob is whole', async () => {
  const bytes = Buffer.from(Array.from({ length: 350_000 }, (_, at) => (at * 11) % 251));
  const methods: string[] = [];
  let broken = false;
  // Half of the second chunk reaches the server before the connection breaks.
  const breaking: Vendor = async (request, { forward }) => {
    methods.push(request.method);
    if (broken || request.method !== 'PATCH' || !request.headers['content-range']?.startsWith('100000-')) {
      return await forward(request);
    }
    broken = true;
    const headers = { ...request.headers, 'content-range': '100000-149999', 'content-length': '50000' };
    await forward({ ...request, headers, body: request.body.subarray(0, 50_000) });
    return { status: 202, fault: 'reset' };
  };
  const proxy = await startVendor(breaking, server.host);
  try {
    const wanted = nativeDigestOf(bytes, 'sha512');
    await writeBlob(await open(proxy.host), { digest: wanted, body: bodyOf(bytes), signal: never });
    expect(methods).toEqual(['POST', 'PATCH', 'PATCH', 'GET', 'PATCH', 'PATCH', 'PATCH', 'PUT']);
    const chunks: Uint8Array[] = [];
    const blob = { mediaType: 'x', digest: wanted, size: bytes.length };
    for await (const chunk of readBlob(await open(), blob, never)) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  } finally {
    await proxy.stop();
  }
});
