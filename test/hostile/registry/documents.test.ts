/** N10 to N13 of safety.md: what a registry may call a digest, a manifest, a size. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CanaryScene, makeCanaryScene } from '../../rigs/canary-scene.ts';
import { type GuardedRegistry, putManifest, startGuarded } from '../../rigs/guarded-registry.ts';
import type { Reply } from '../../rigs/recording-listener.ts';
import { stopEverything } from '../../rigs/registry-harness.ts';
import type { WatchedRun } from '../../rigs/watched-command.ts';

let scene: CanaryScene;
beforeEach(() => {
  scene = makeCanaryScene();
});
afterEach(async () => {
  scene.remove();
  await stopEverything();
});

const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** Copies `team/app:1`, whose manifest is this text. */
async function copyOf(
  text: (registry: GuardedRegistry) => string,
  mediaType = manifestType,
): Promise<{ readonly run: WatchedRun; readonly asked: readonly string[] }> {
  const registry = await startGuarded();
  putManifest(registry, mediaType, Buffer.from(text(registry)));
  return await copyFrom(registry);
}

async function copyFrom(registry: GuardedRegistry) {
  scene.logIn([registry.host]);
  const run = await scene.run(['copy', registry.reference, 'oci:out']);
  return { run, asked: registry.requests.map(({ url }) => url) };
}

/** The manifest of the image, its first layer changed. */
function withLayer(change: object, more: object = {}): (registry: GuardedRegistry) => string {
  return ({ image }) =>
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: image.config,
      layers: [{ ...image.layers[0], ...change }],
      ...more,
    });
}

const hostileDigests: readonly (readonly [string, string])[] = [
  ['climbs', 'sha256:../../x'],
  ['is in upper case', `sha256:${'A'.repeat(64)}`],
  ['is short', 'sha256:abc'],
  ['is sha1', `sha1:${'a'.repeat(40)}`],
  ['has 10 kB', `sha256:${'a'.repeat(10_000)}`],
];

describe('N10: a digest that', () => {
  test.each(hostileDigests)(
    '%s, in a manifest, ends with 3 before a URL is made of it',
    async (_, digest) => {
      const { run, asked } = await copyOf(withLayer({ digest }));
      expect(run.status).toBe(3);
      expect(asked.filter((url) => url.includes('/blobs/'))).toEqual([]);
      expect(readdirSync(scene.folder)).toEqual([]);
    },
  );

  test.each(hostileDigests)('%s, in a header, ends with 3', async (_, digest) => {
    const registry = await startGuarded({
      answer: ({ path }): Reply | undefined =>
        path.includes('/manifests/')
          ? {
              status: 200,
              headers: { 'content-type': manifestType, 'docker-content-digest': digest },
              body: '{}',
            }
          : undefined,
    });
    const { run, asked } = await copyFrom(registry);
    expect(run.status).toBe(3);
    expect(asked.some((url) => url.includes('..') || url.length > 500)).toBe(false);
  });
});

describe('N11: a manifest that has', () => {
  test.each([
    ['layers and manifests', { manifests: [] }],
    ['layers and fsLayers', { fsLayers: [] }],
  ])('%s ends with 3', async (_, more) => {
    const { run } = await copyOf(withLayer({}, more));
    expect(run.status).toBe(3);
    expect(readdirSync(join(scene.folder))).toEqual([]);
  });
});

describe('N12: a manifest', () => {
  test('whose media type is not what the header says ends with 3', async () => {
    const { run } = await copyOf(withLayer({}), 'application/vnd.oci.image.index.v1+json');
    expect(run.status).toBe(3);
  });

  test.each([
    ['twice the same key', (text: string) => text.replace('{', '{"config":{},')],
    ['keys that differ in case alone', (text: string) => text.replace('{', '{"Config":{},')],
  ])('with %s ends with 3', async (_, change) => {
    const { run } = await copyOf((registry) => change(withLayer({})(registry)));
    expect(run.status).toBe(3);
  });
});

describe('N13: a size that is', () => {
  test.each(['-1', '1.5', '9007199254740993', '1e999', '"12"'])('%s ends with 3', async (size) => {
    const { run, asked } = await copyOf((registry) =>
      withLayer({ size: 'SIZE' })(registry).replace('"SIZE"', size),
    );
    expect(run.status).toBe(3);
    expect(asked.filter((url) => url.includes('/blobs/'))).toEqual([]);
  });

  test('declared enormous, of a layer, allocates nothing', async () => {
    const { run } = await copyOf(withLayer({ size: 2 ** 52 }));
    expect([4, 5]).toContain(run.status);
    expect(run.peakMemory).toBeLessThan(256 * 1024 * 1024);
  });

  test('of a manifest above 4 MiB, declared or sent, ends with 3', async () => {
    const long = JSON.stringify({ schemaVersion: 2, padding: 'x'.repeat(5 * 1024 * 1024) });
    for (const length of [String(2 ** 52), '']) {
      const headers = { 'content-type': manifestType, 'content-length': length };
      const registry = await startGuarded({
        answer: ({ path }): Reply | undefined =>
          path.includes('/manifests/') ? { status: 200, headers, body: long } : undefined,
      });
      const { run } = await copyFrom(registry);
      expect(run.status).toBe(3);
      expect(run.peakMemory).toBeLessThan(256 * 1024 * 1024);
    }
  });
});
