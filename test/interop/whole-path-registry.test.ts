/**
 * What is pushed has exactly the digests that were built, and comes back with them: through docker-registry 2.8.2,
 * skopeo, and our own push and copy. What a registry has it is not sent again.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeed } from '../rigs/command.ts';
import { type DockerRegistry, startDockerRegistry } from '../rigs/docker-registry.ts';
import { requestsOf } from '../rigs/registry-requests.ts';
import { hasProgram } from '../rigs/runtimes.ts';
import { buildWholePath, canBuildWholePath, type WholePath, wholePathNeeds } from '../rigs/whole-path.ts';

const slow = 240_000;
const canRun = canBuildWholePath && hasProgram('docker-registry') && hasProgram('skopeo');
const manifestTypes = ['manifest', 'index'].map((kind) => `application/vnd.oci.image.${kind}.v1+json`);

describe.skipIf(!canRun)(`a real image in a registry (${wholePathNeeds}, docker-registry and skopeo)`, () => {
  let built: WholePath;
  let registry: DockerRegistry;
  beforeAll(async () => {
    built = buildWholePath('registry');
    registry = await startDockerRegistry();
  }, slow);
  afterAll(async () => {
    await registry.stop();
    built.remove();
  });

  const layerwright = (...args: readonly string[]) => succeed([...args, '-q'], built.options).trim();
  const skopeo = (...args: readonly string[]) =>
    execFileSync('skopeo', args, { encoding: 'utf8', cwd: built.folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const named = (name: string) => `${registry.host}/whole/${name}`;
  const push = () =>
    layerwright('build', 'service', '--push', '-t', `${named('service')}:1,${named('service')}:2`);
  /** What stands in the registry, digested by this test. */
  const inRegistry = async (name: string, tag: string) => {
    const answer = await fetch(`http://${registry.host}/v2/whole/${name}/manifests/${tag}`, {
      headers: { accept: manifestTypes.join(', ') },
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    return {
      said: answer.headers.get('docker-content-digest'),
      is: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    };
  };

  test('has the digest that was built, under every tag', { timeout: slow }, async () => {
    const digest = built.digests.service;
    expect(push()).toBe(`${named('service')}:1@${digest}`);
    for (const tag of ['1', '2', digest])
      expect(await inRegistry('service', tag)).toEqual({ said: digest, is: digest });
  });

  test('is sent once: a repeated push uploads nothing', { timeout: slow }, () => {
    const requests = requestsOf(registry, push);
    expect(requests.length).toBeGreaterThan(0);
    expect(requests.filter((request) => !/^(HEAD|GET) \S+ 200$/.test(request))).toEqual([]);
  });

  test(
    'is mounted, not sent, where another repository of the registry has it',
    { timeout: slow },
    async () => {
      const requests = requestsOf(registry, () =>
        layerwright('copy', `${named('service')}:1`, `${named('moved')}:1`),
      );
      expect(requests.filter((request) => /^POST \S+[?&]mount=\S+ 201$/.test(request)).length).toBe(4);
      expect(requests.filter((request) => /^(PUT|PATCH) \S+\/blobs\//.test(request))).toEqual([]);
      expect(await inRegistry('moved', '1')).toMatchObject({ is: built.digests.service });
    },
  );

  test('is copied by skopeo to a layout and back with the same digest', { timeout: slow }, async () => {
    for (const image of ['service', 'odd'] as const) {
      layerwright('push', built.layouts[image], `${named(image)}:it`);
      skopeo('copy', '--src-tls-verify=false', `docker://${named(image)}:it`, `oci:back-${image}:it`);
      expect(topOf(join(built.folder, `back-${image}`))).toBe(built.digests[image]);
      expect(blobsOf(`back-${image}`)).toEqual(blobsOf(`${image}-layout`));
      skopeo(
        'copy',
        '--dest-tls-verify=false',
        `oci:back-${image}:it`,
        `docker://${named(`${image}-back`)}:it`,
      );
      expect((await inRegistry(`${image}-back`, 'it')).is).toBe(built.digests[image]);
      expect(layerwright('copy', `${named(`${image}-back`)}:it`, `oci:ours-${image}`)).toContain(
        built.digests[image],
      );
      expect(blobsOf(`ours-${image}`)).toEqual(blobsOf(`${image}-layout`));
    }
  });

  test('of two platforms keeps the digest of its index', { timeout: slow }, async () => {
    cpSync(resolve(import.meta.dirname, '../../examples/hello'), join(built.folder, 'hello'), {
      recursive: true,
    });
    const printed = layerwright(
      'build',
      '-C',
      'hello',
      '--push',
      '-o',
      'oci:layout:it',
      '-t',
      `${named('hello')}:it`,
    );
    const digest = printed.replace(/^.*@/, '');
    expect(await inRegistry('hello', 'it')).toEqual({ said: digest, is: digest });
    skopeo('copy', '--all', '--src-tls-verify=false', `docker://${named('hello')}:it`, 'oci:back-hello:it');
    expect(topOf(join(built.folder, 'back-hello'))).toBe(digest);
    expect(blobsOf('back-hello')).toEqual(blobsOf('hello/layout'));
    for (const platform of ['amd64', 'arm64']) {
      const raw = skopeo(
        'inspect',
        '--tls-verify=false',
        '--override-arch',
        platform,
        '--config',
        `docker://${named('hello')}:it`,
      );
      expect(JSON.parse(raw)).toMatchObject({ architecture: platform });
    }
  });

  const blobsOf = (layout: string) => readdirSync(join(built.folder, layout, 'blobs/sha256')).sort();
});

/** The digest of the only image of a layout. */
function topOf(layout: string): string | undefined {
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as {
    readonly manifests: readonly { readonly digest: string }[];
  };
  expect(index.manifests.length).toBe(1);
  return index.manifests[0]?.digest;
}
