import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Digest } from '../../../src/core/digest/digest.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { attachReferrer, type ListedBy } from '../../../src/io/registry/attach-referrer.ts';
import { readManifest } from '../../../src/io/registry/manifests.ts';
import { listReferrers } from '../../../src/io/registry/referrers.ts';
import { referrersTag } from '../../../src/io/registry/referrers-tag.ts';
import type { Repository } from '../../../src/io/registry/repository.ts';
import { bodyOf } from '../../../src/io/registry/request-body.ts';
import { writeBlob } from '../../../src/io/registry/write-blob.ts';
import { type DockerRegistry, hasProgram, startDockerRegistry } from '../../rigs/docker-registry.ts';
import { type MockOptions, type MockRegistry, digest, startMockRegistry } from '../../rigs/mock-registry.ts';
import { artifact, emptyConfig } from '../../rigs/referrer-sample.ts';
import {
  failureOf,
  harnessFor,
  makeHarness,
  never,
  stopEverything,
  stopLater,
} from '../../rigs/registry-harness.ts';

afterEach(stopEverything);

const subject = digest('an image') as Digest;
const tag = `a/b:${referrersTag(subject)}`;
const sbom = artifact(subject, 'x/sbom');

async function start(override: NonNullable<MockOptions['override']>): Promise<MockRegistry> {
  return stopLater(await startMockRegistry({ override }));
}

async function attach(mock: MockRegistry): Promise<ListedBy> {
  const { client } = harnessFor(mock.host);
  const repository = await client.open(mock.host, 'a/b', { purpose: 'write', signal: never });
  return await attachReferrer(repository, sbom, never);
}

/** What the fallback tag of a mock registry lists. */
function listed(mock: MockRegistry): string[] {
  const bytes = Buffer.from(mock.manifests.get(tag)?.bytes ?? '{"manifests":[]}');
  const index = JSON.parse(bytes.toString()) as { manifests: { digest: string }[] };
  return index.manifests.map((entry) => entry.digest);
}

function setTag(mock: MockRegistry, manifests: readonly object[]): void {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests }));
  mock.manifests.set(tag, { mediaType: mediaTypes.index, bytes });
}

const another = {
  mediaType: mediaTypes.manifest,
  digest: digest('another'),
  size: 7,
  artifactType: 'x/other',
};

describe('a manifest with a subject', () => {
  test('is left to a registry that says it has listed it', async () => {
    const mock = await start((request) =>
      request.method === 'PUT' ? { status: 201, headers: { 'oci-subject': subject } } : undefined,
    );
    expect(await attach(mock)).toBe('registry');
    expect(mock.requests.map(({ method }) => method)).toEqual(['PUT']);
  });

  test('is listed under the tag, with its type and annotations, beside what stands there', async () => {
    const mock = await start(() => undefined);
    setTag(mock, [another]);
    expect(await attach(mock)).toBe('tag');
    const index = JSON.parse(Buffer.from(mock.manifests.get(tag)?.bytes ?? '').toString()) as object;
    const entry = { ...sbom.descriptor, artifactType: 'x/sbom', annotations: { note: '' } };
    expect(index).toMatchObject({
      schemaVersion: 2,
      mediaType: mediaTypes.index,
      manifests: [another, entry],
    });
  });

  test('that is listed already writes no list', async () => {
    const mock = await start(() => undefined);
    setTag(mock, [another, sbom.descriptor]);
    await attach(mock);
    expect(mock.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
    expect(listed(mock)).toEqual([another.digest, sbom.descriptor.digest]);
  });

  test('is listed again where another writer has overwritten the list', async () => {
    let races = 0;
    const mock = await start((request) => {
      const read = request.method === 'GET' && request.path.endsWith(referrersTag(subject));
      // After our write, before we look: someone who had read the list before writes it.
      if (read && listed(mock).includes(sbom.descriptor.digest) && races++ < 2) setTag(mock, [another]);
      return undefined;
    });
    expect(await attach(mock)).toBe('tag');
    expect(races).toBe(3);
    expect(listed(mock)).toEqual([another.digest, sbom.descriptor.digest]);
  });

  test('whose entry is lost each time ends with an error that says so', async () => {
    const mock = await start((request) => {
      if (request.method === 'GET') setTag(mock, [another]);
      return undefined;
    });
    const error = await failureOf(attach(mock));
    expect(error.message).toContain('was lost each time: others write it too');
    expect(mock.requests.filter(({ method }) => method === 'PUT')).toHaveLength(6);
  });

  test.each([
    [
      'no subject',
      { schemaVersion: 2, mediaType: mediaTypes.manifest, config: emptyConfig, layers: [emptyConfig] },
    ],
    ['no sound form', { schemaVersion: 2 }],
  ])('and %s is a bug of the caller', async (_, document) => {
    const mock = await start(() => undefined);
    const { client } = harnessFor(mock.host);
    const repository = await client.open(mock.host, 'a/b', { purpose: 'write', signal: never });
    const bytes = Buffer.from(JSON.stringify(document));
    await expect(attachReferrer(repository, { ...sbom, bytes }, never)).rejects.toThrow('Bug: ');
    expect(mock.requests).toEqual([]);
  });
});

describe.skipIf(!hasProgram('docker-registry'))('docker-registry, which has no API (needs it)', () => {
  let registry: DockerRegistry;

  beforeAll(async () => {
    registry = await startDockerRegistry();
  });
  afterAll(() => registry.stop());

  async function open(name: string): Promise<Repository> {
    const { client } = makeHarness({ retries: { attempts: 9, first: 200, longest: 200, retryAfter: 1 } });
    const repository = await client.open(registry.host, name, { purpose: 'write', signal: never });
    await writeBlob(repository, {
      digest: emptyConfig.digest,
      body: bodyOf(Buffer.from('{}')),
      signal: never,
    });
    return repository;
  }

  test('lists what was attached, by type, and gives it back', async () => {
    const repository = await open('one/writer');
    const types = ['x/sbom', 'x/signature', 'x/sbom'];
    const made = types.map((type, at) => artifact(subject, type, String(at)));
    for (const manifest of made) expect(await attachReferrer(repository, manifest, never)).toBe('tag');
    const found = await listReferrers(repository, subject, { artifactType: 'x/sbom', signal: never });
    expect(found.map((entry) => entry.annotations?.['note'])).toEqual(['0', '2']);
    expect(await listReferrers(repository, subject, { signal: never })).toHaveLength(3);
    for (const { digest: name } of found) await readManifest(repository, { digest: name }, never);
  });
});
