import { afterEach, describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../../src/core/diagnostic/catalogue.ts';
import { type Digest, digestOf } from '../../../src/core/digest/digest.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import {
  type ManifestName,
  findManifest,
  readManifest,
  resolveManifest,
  writeManifest,
} from '../../../src/io/registry/manifests.ts';
import type { Repository } from '../../../src/io/registry/repository.ts';
import { type MockOptions, type MockRegistry, digest, startMockRegistry } from '../../rigs/mock-registry.ts';
import type { RecordedRequest, Reply } from '../../rigs/recording-listener.ts';
import {
  failureOf,
  harnessFor,
  never,
  startTagged,
  stopEverything,
  stopLater,
  taggedDigest,
} from '../../rigs/registry-harness.ts';

afterEach(stopEverything);

async function open(mock: MockRegistry): Promise<Repository> {
  return await harnessFor(mock.host).client.open(mock.host, 'a/b', { purpose: 'write', signal: never });
}

async function serving(
  reply: Reply | ((request: RecordedRequest) => Reply | undefined),
): Promise<Repository> {
  const override: MockOptions['override'] = typeof reply === 'function' ? reply : () => reply;
  return await open(stopLater(await startMockRegistry({ override })));
}

const tag: ManifestName = { tag: '1' };
const empty = { mediaType: mediaTypes.empty, digest: digest('{}'), size: 2 };

function manifestText(members: object = {}): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: { ...empty, mediaType: mediaTypes.config },
    layers: [{ ...empty, mediaType: mediaTypes.layer }],
    ...members,
  });
}

function served(body: string, headers: Reply['headers'] = {}): Reply {
  return { status: 200, headers: { 'content-type': mediaTypes.manifest, ...headers }, body };
}

describe('resolving', () => {
  test('takes digest, size and media type from a HEAD', async () => {
    const mock = await startTagged();
    const root = await resolveManifest(await open(mock), tag, never);
    expect(root.digest).toBe(taggedDigest);
    expect(root.mediaType).toBe(mediaTypes.index);
    expect(mock.requests.map((request) => request.method)).toEqual(['HEAD']);
    expect(mock.requests[0]?.headers.accept?.split(', ')).toEqual([
      mediaTypes.manifest,
      mediaTypes.index,
      mediaTypes.dockerManifest,
      mediaTypes.dockerManifestList,
    ]);
  });

  test.each<[string, Reply]>([
    ['has no digest', served(manifestText())],
    [
      'has a general media type',
      served(manifestText(), {
        'content-type': 'application/json',
        'docker-content-digest': digest(manifestText()),
      }),
    ],
  ])('fetches the manifest when the HEAD %s', async (_, reply) => {
    const root = await resolveManifest(await serving(reply), tag, never);
    expect(root).toEqual({
      mediaType: mediaTypes.manifest,
      digest: digest(manifestText()),
      size: manifestText().length,
    });
  });

  test.each([400, 403, 405, 501])('fetches the manifest when the HEAD is refused with %i', async (status) => {
    const repository = await serving((request) =>
      request.method === 'HEAD' ? { status } : served(manifestText()),
    );
    expect((await resolveManifest(repository, tag, never)).digest).toBe(digest(manifestText()));
  });

  test('a tag that is no tag is never put into a URL', async () => {
    const mock = await startTagged();
    const repository = await open(mock);
    for (const wrong of ['../x', 'a b', '', 'a?b', 'x'.repeat(129), '.a', 'a\nb']) {
      const error = await failureOf(resolveManifest(repository, { tag: wrong }, never));
      expect(error.code).toBe('registry/name');
    }
    expect(mock.requests).toHaveLength(0);
  });

  test('a repository that is no name is never put into a URL', async () => {
    const mock = await startTagged();
    const { client } = harnessFor(mock.host);
    for (const wrong of ['../x', 'A', '', 'a//b', 'a/', 'a b', 'a%2fb', 'a'.repeat(256)]) {
      const error = await failureOf(client.open(mock.host, wrong, { purpose: 'read', signal: never }));
      expect(error.code).toBe('registry/name');
    }
    expect(mock.connections()).toBe(0);
  });
});

describe('a digest that a registry states', () => {
  test.each([
    ['climbs', 'sha256:../../x'],
    ['is in upper case', digest('x').toUpperCase().replace('SHA', 'sha')],
    ['is short', 'sha256:abc'],
    ['is sha1', `sha1:${'a'.repeat(40)}`],
    ['is long', `sha256:${'a'.repeat(10_000)}`],
    ['stands twice', `${digest('x')}, ${digest('y')}`],
  ])('is refused where it %s', async (_, stated) => {
    const repository = await serving(served(manifestText(), { 'docker-content-digest': stated }));
    const error = await failureOf(resolveManifest(repository, tag, never));
    expect(error.code).toBe('registry/untrusted-manifest');
    expect(exitCodeOf(error.code)).toBe(3);
    expect(error.message.length).toBeLessThan(500);
  });

  test('is an error where the bytes are others', async () => {
    const repository = await serving(served(manifestText(), { 'docker-content-digest': digest('x') }));
    const error = await failureOf(readManifest(repository, tag, never));
    expect(error.code).toBe('registry/differs');
    expect(exitCodeOf(error.code)).toBe(4);
  });

  test('is an error where another was asked for, by HEAD too', async () => {
    const name = { digest: digest('x') as Digest };
    const honest = await serving(served(manifestText(), { 'docker-content-digest': digest(manifestText()) }));
    expect((await failureOf(readManifest(honest, name, never))).code).toBe('registry/differs');
    expect((await failureOf(findManifest(honest, name, never))).code).toBe('registry/differs');
    const silent = await serving(served(manifestText()));
    expect((await failureOf(readManifest(silent, name, never))).code).toBe('registry/differs');
    const lying = await serving(served(manifestText(), { 'docker-content-digest': digest('x') }));
    expect((await failureOf(readManifest(lying, name, never))).code).toBe('registry/differs');
  });

  test('may be sha512', async () => {
    const sha512 = digestOf(Buffer.from(manifestText()), 'sha512');
    const repository = await serving(served(manifestText(), { 'docker-content-digest': sha512 }));
    expect((await readManifest(repository, tag, never)).descriptor.digest).toBe(sha512);
  });
});

describe('a manifest is refused that', () => {
  test.each([
    ['is a manifest and an index at once', manifestText({ manifests: [] })],
    ['names a member twice', manifestText().replace('"layers":', '"layers":[],"layers":')],
    ['names a member in two cases', manifestText({ Layers: [] })],
    ['has another media type than it is served as', manifestText({ mediaType: mediaTypes.dockerManifest })],
    ['is an image config', manifestText({ mediaType: mediaTypes.config })],
    ['declares a negative size', manifestText({ layers: [{ ...empty, size: -1 }] })],
    ['declares half a byte', manifestText({ layers: [{ ...empty, size: 1.5 }] })],
    ['declares 2^53+1 bytes', manifestText().replace('"size":2', '"size":9007199254740993')],
    ['declares 1e999 bytes', manifestText().replace('"size":2', '"size":1e999')],
    ['has a digest that climbs', manifestText({ layers: [{ ...empty, digest: 'sha256:../../x' }] })],
    ['is no object', '[]'],
    ['is no JSON', '<html>'],
    ['is larger than 4 MiB', manifestText({ annotations: { a: 'x'.repeat(4_194_304) } })],
  ])('%s', async (_, body) => {
    const error = await failureOf(resolveManifest(await serving(served(body)), tag, never));
    expect(error.code).toBe('registry/untrusted-manifest');
    expect(exitCodeOf(error.code)).toBe(3);
  });

  test('sends more than 4 MiB without saying so', async () => {
    const body = 'x'.repeat(5_000_000);
    const repository = await serving(served(body, { 'content-length': '' }));
    const error = await failureOf(readManifest(repository, tag, never));
    expect(error.message).toContain('larger than 4 MiB');
  });

  test.each([
    'application/vnd.docker.distribution.manifest.v1+json',
    'application/vnd.docker.distribution.manifest.v1+prettyjws',
    'application/json',
  ])('is in schema 1 (%s)', async (type) => {
    const body = JSON.stringify({ schemaVersion: 1, fsLayers: [], signatures: [] });
    const repository = await serving(served(body, { 'content-type': type }));
    const error = await failureOf(resolveManifest(repository, tag, never));
    expect(error.code).toBe('registry/schema1');
    expect(error.message).toContain('retired schema 1 format');
  });
});

test('a manifest without a media type of its own is what it is served as, or looks like', async () => {
  const bare = manifestText({ mediaType: undefined });
  for (const [type, expected] of [
    [mediaTypes.dockerManifest, mediaTypes.dockerManifest],
    ['application/json', mediaTypes.manifest],
    [`${mediaTypes.manifest}; charset=utf-8`, mediaTypes.manifest],
  ] as const) {
    const repository = await serving(served(bare, { 'content-type': type }));
    expect((await readManifest(repository, tag, never)).descriptor.mediaType).toBe(expected);
  }
});

describe('writing a manifest', () => {
  const bytes = Buffer.from(manifestText());
  const descriptor = { mediaType: mediaTypes.manifest, digest: digest(bytes) as Digest, size: bytes.length };

  test.each([
    ['states no digest', {}],
    ['states the right one', { 'docker-content-digest': descriptor.digest }],
  ])('is done when the registry %s', async (_, headers) => {
    const repository = await serving({ status: 201, headers });
    await writeManifest(repository, { descriptor, bytes }, { name: tag, signal: never });
  });

  test('fails with 4 when the registry states another digest', async () => {
    const repository = await serving({ status: 201, headers: { 'docker-content-digest': digest('x') } });
    const error = await failureOf(
      writeManifest(repository, { descriptor, bytes }, { name: tag, signal: never }),
    );
    expect(error.code).toBe('registry/differs');
  });
});
