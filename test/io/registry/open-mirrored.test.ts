import { afterEach, describe, expect, test } from 'vitest';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import type { ManifestName } from '../../../src/io/registry/manifests.ts';
import { type OpenedImage, openMirrored } from '../../../src/io/registry/open-mirrored.ts';
import { parseRegistriesConf } from '../../../src/io/registry/registries-conf.ts';
import type { RegistriesConf } from '../../../src/io/registry/registries-conf-files.ts';
import type { MockRegistry } from '../../rigs/mock-registry.ts';
import {
  canaryFor,
  expectNoCanary,
  failureOf,
  type Harness,
  makeHarness,
  never,
  startTagged,
  stopEverything,
  taggedDigest,
} from '../../rigs/registry-harness.ts';
import { json } from '../../rigs/recording-listener.ts';

afterEach(stopEverything);

function conf(text: string): RegistriesConf {
  const parsed = parseRegistriesConf(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return { tables: () => Promise.resolve(parsed.tables) };
}

/** `example.test/a`, whose own place and mirrors are loopback registries. */
function mirrored(own: MockRegistry, ...mirrors: readonly MockRegistry[]): RegistriesConf {
  const tables = mirrors.map(({ host }) => `[[registry.mirror]]\nlocation = "${host}/a"\n`);
  return conf(`[[registry]]\nprefix = "example.test/a"\nlocation = "${own.host}/a"\n${tables.join('')}`);
}

function open(harness: Harness, manifest: ManifestName = { tag: '1' }): Promise<OpenedImage> {
  return openMirrored(harness.client, { registry: 'example.test', name: 'a/b', manifest }, never);
}

const missing = (): ReturnType<typeof startTagged> => startTagged(() => json(404, {}));

describe('an image with mirrors', () => {
  test('is read from the first that has it, and nobody behind that one is asked', async () => {
    const [empty, good, own] = [await missing(), await startTagged(), await startTagged()];
    const harness = makeHarness({ registriesConf: mirrored(own, empty, good) });
    const { repository, root } = await open(harness);
    expect(root.digest).toBe(taggedDigest);
    expect(repository).toMatchObject({ registry: good.host, name: 'a/b' });
    expect(own.requests).toEqual([]);
    expect(harness.notices).toEqual([
      expect.stringMatching(
        new RegExp(`^mirror not used: .*${empty.host}/a/b.* 404.*; asking ${good.host}/a/b$`),
      ),
    ]);
  });

  test('is read from its own place when no mirror has it', async () => {
    const [empty, own] = [await missing(), await startTagged()];
    const { repository } = await open(makeHarness({ registriesConf: mirrored(own, empty) }));
    expect(repository.registry).toBe(own.host);
  });

  test('that nobody has ends with the answer of its own place', async () => {
    const [mirror, own] = [await missing(), await missing()];
    const error = await failureOf(open(makeHarness({ registriesConf: mirrored(own, mirror) })));
    expect(error.code).toBe('registry/not-found');
    expect(error.registry).toBe(own.host);
  });

  test('shows its credentials to no mirror', async () => {
    const ask = { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } };
    const mirror = await startTagged(() => ask);
    const own = await startTagged((request) =>
      request.headers.authorization === undefined ? ask : undefined,
    );
    const credentials = canaryFor(own.host, 'example.test');
    const { repository } = await open(makeHarness({ registriesConf: mirrored(own, mirror), credentials }));
    expect(repository.registry).toBe(own.host);
    expectNoCanary(mirror);
  });

  test('of the wrong digest at a mirror is read from the next place', async () => {
    const liar = await startTagged();
    const bytes = Buffer.from(
      JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests: [] }) + ' ',
    );
    liar.manifests.set(`a/b@${taggedDigest}`, { mediaType: mediaTypes.index, bytes });
    const own = await startTagged();
    own.manifests.set(`a/b@${taggedDigest}`, own.manifests.get('a/b:1') ?? { mediaType: '', bytes });
    const harness = makeHarness({ registriesConf: mirrored(own, liar) });
    const { repository } = await open(harness, { digest: taggedDigest as OpenedImage['root']['digest'] });
    expect(repository.registry).toBe(own.host);
    expect(harness.notices[0]).toContain('where sha256:');
  });
});

describe('an image whose namespace is blocked', () => {
  test('is not asked for', async () => {
    const own = await startTagged();
    const registriesConf = conf(
      `[[registry]]\nprefix = "example.test"\nlocation = "${own.host}"\nblocked = true`,
    );
    expect((await failureOf(open(makeHarness({ registriesConf })))).code).toBe('registry/blocked');
    expect(own.requests).toEqual([]);
  });
});
