import { afterEach, describe, expect, test } from 'vitest';
import type { Digest } from '../../../src/core/digest/digest.ts';
import type { Descriptor } from '../../../src/core/oci/descriptor.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { allQuirks } from '../../../src/io/registry/quirks.ts';
import { listReferrers } from '../../../src/io/registry/referrers.ts';
import { referrersTag } from '../../../src/io/registry/referrers-tag.ts';
import type { RegistrySettings } from '../../../src/io/registry/registry-settings.ts';
import { type MockRegistry, digest } from '../../rigs/mock-registry.ts';
import type { RecordedRequest, Reply } from '../../rigs/recording-listener.ts';
import { failureOf, harnessFor, never, startTagged, stopEverything } from '../../rigs/registry-harness.ts';

afterEach(stopEverything);

const subject = digest('an image') as Digest;
const path = `/v2/a/b/referrers/${subject}`;

function entry(text: string, artifactType: string): Descriptor {
  return { mediaType: mediaTypes.manifest, digest: digest(text) as Digest, size: 7, artifactType };
}

const [sbom, other, signature] = [
  entry('1', 'x/sbom'),
  entry('2', 'x/sbom'),
  entry('3', 'x/signature'),
] as const;

function indexOf(manifests: readonly Descriptor[]): string {
  return JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests });
}

function list(manifests: readonly Descriptor[], headers: Reply['headers'] = {}): Reply {
  return { status: 200, headers: { 'content-type': mediaTypes.index, ...headers }, body: indexOf(manifests) };
}

/** A registry whose referrers API answers so. */
async function api(answer: (request: RecordedRequest) => Reply): Promise<MockRegistry> {
  return await startTagged((request) => (request.path === path ? answer(request) : undefined));
}

/** A registry without the API that has these under the tag. */
async function tagOnly(manifests: readonly Descriptor[], status = 404): Promise<MockRegistry> {
  const mock = await api(() => ({ status }));
  const bytes = Buffer.from(indexOf(manifests));
  mock.manifests.set(`a/b:${referrersTag(subject)}`, { mediaType: mediaTypes.index, bytes });
  return mock;
}

async function ask(
  mock: MockRegistry,
  artifactType?: string,
  settings: Partial<RegistrySettings> = {},
): Promise<readonly Descriptor[]> {
  const { client } = harnessFor(mock.host, settings);
  const repository = await client.open(mock.host, 'a/b', { purpose: 'read', signal: never });
  return await listReferrers(repository, subject, {
    ...(artifactType !== undefined && { artifactType }),
    signal: never,
  });
}

describe('what refers to a manifest', () => {
  test('is asked of the API, with the type in the query', async () => {
    const mock = await api(() => list([sbom, other], { 'oci-filters-applied': 'artifactType' }));
    expect(await ask(mock, 'x/sbom')).toEqual([sbom, other]);
    expect(mock.requests[0]?.url).toBe(`${path}?artifactType=x%2Fsbom`);
    expect(mock.requests[0]?.headers.accept).toBe(mediaTypes.index);
    expect(mock.requests).toHaveLength(1);
  });

  test('is filtered here where the registry does not', async () => {
    expect(await ask(await api(() => list([sbom, signature])), 'x/signature')).toEqual([signature]);
  });

  test('is read page by page, each manifest once', async () => {
    const mock = await api(({ query }) =>
      query.has('last')
        ? list([other, signature])
        : list([sbom, other], { link: `<${path}?last=2>; rel="next"` }),
    );
    expect(await ask(mock)).toEqual([sbom, other, signature]);
    expect(mock.requests).toHaveLength(2);
  });

  test.each([
    ['another host', 'http://evil.example/x'],
    ['itself', path],
    ['another list', `/v2/a/b/tags/list`],
  ])('is refused whose next page is %s', async (_, link) => {
    const mock = await api(() => list([sbom], { link: `<${link}>; rel="next"` }));
    expect((await failureOf(ask(mock))).code).toBe('registry/bad-list');
    expect(mock.requests).toHaveLength(1);
  });

  test.each([
    ['is not JSON', 'x'],
    [
      'is a manifest',
      JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, layers: [], config: {} }),
    ],
    ['has a digest that is none', indexOf([{ ...sbom, digest: 'sha256:../../x' as Digest }])],
    ['is larger than 4 MiB', ' '.repeat(5_000_000)],
  ])('is refused where the list %s', async (_, body) => {
    const mock = await api(() => ({ status: 200, headers: { 'content-type': mediaTypes.index }, body }));
    expect((await failureOf(ask(mock))).code).toBe('registry/untrusted-manifest');
  });

  test.each([401, 403])('is not looked for elsewhere when the API answers %i', async (status) => {
    const mock = await tagOnly([sbom], status);
    expect((await failureOf(ask(mock))).code).toBe('registry/unauthorised');
  });
});

describe('without the API', () => {
  test.each([404, 400, 405, 501])('(%i) the tag has the list, which is filtered here', async (status) => {
    expect(await ask(await tagOnly([sbom, signature], status), 'x/sbom')).toEqual([sbom]);
  });

  test('(405, as at ECR) the tag has the list only while that is coped with', async () => {
    const copesWith = new Set([...allQuirks].filter((quirk) => quirk !== 'has-no-referrers'));
    const error = await failureOf(ask(await tagOnly([sbom], 405), undefined, { copesWith }));
    expect(error.message).toContain('answered 405');
  });

  test('(a page of HTML for every address) the tag has the list', async () => {
    const mock = await tagOnly([sbom]);
    const page = await api(() => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }));
    page.manifests.set(`a/b:${referrersTag(subject)}`, {
      mediaType: mediaTypes.index,
      bytes: Buffer.from(indexOf([sbom])),
    });
    expect(await ask(page)).toEqual(await ask(mock));
  });

  test('and without the tag there are none', async () => {
    expect(await ask(await api(() => ({ status: 404 })))).toEqual([]);
  });

  test('a tag that is no index is refused', async () => {
    const mock = await api(() => ({ status: 404 }));
    const descriptor = { ...sbom, size: 2 };
    const manifest = {
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: descriptor,
      layers: [descriptor],
    };
    const bytes = Buffer.from(JSON.stringify(manifest));
    mock.manifests.set(`a/b:${referrersTag(subject)}`, { mediaType: mediaTypes.manifest, bytes });
    expect((await failureOf(ask(mock))).message).toContain('is not an index');
  });
});

describe('the tag', () => {
  test('is the digest with a hyphen, and a sha512 cut to 64', () => {
    expect(referrersTag(`sha256:${'a'.repeat(64)}` as Digest)).toBe(`sha256-${'a'.repeat(64)}`);
    expect(referrersTag(`sha512:${'b'.repeat(128)}` as Digest)).toBe(`sha512-${'b'.repeat(64)}`);
  });
});
