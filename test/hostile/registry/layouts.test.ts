/** N14 of safety.md: layouts and archives that point outside themselves, or say two things. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CanaryScene, makeCanaryScene } from '../../rigs/canary-scene.ts';
import { startGuarded } from '../../rigs/guarded-registry.ts';
import { stopEverything } from '../../rigs/registry-harness.ts';

let scene: CanaryScene;
let layer = '';
beforeEach(async () => {
  scene = makeCanaryScene();
  const registry = await startGuarded();
  scene.logIn([registry.host]);
  layer = registry.image.layers[0]?.digest.replace(':', '/') ?? '';
  expect((await scene.run(['copy', registry.reference, 'oci:evil'])).status).toBe(0);
});
afterEach(async () => {
  scene.remove();
  await stopEverything();
});

/** An empty store, so that the layout itself is read. */
const copy = (from: string) =>
  scene.run(['copy', from, 'oci:out'], { LAYERWRIGHT_CACHE_DIR: join(scene.folder, 'cache') });

describe('N14: a layout', () => {
  test.each([
    ['blob', () => `evil/blobs/${layer}`],
    ['index', () => 'evil/index.json'],
    ['folder of blobs', () => 'evil/blobs/sha256'],
  ])('whose %s is a link ends with 3, and what it leads to is not read', async (_, place) => {
    const path = join(scene.folder, place());
    const aside = join(scene.home, 'aside');
    renameSync(path, aside);
    symlinkSync(aside, path);
    const run = await copy('oci:evil');
    expect(run.stderr).toContain('link');
    expect(run.status).toBe(3);
  });

  test('whose blob is a link to our credentials ends with 3', async () => {
    const path = join(scene.folder, 'evil/blobs', layer);
    rmSync(path);
    symlinkSync(join(scene.home, '.docker/config.json'), path);
    expect((await copy('oci:evil')).status).toBe(3);
  });
});

test('N14: an archive with two files index.json ends with 3', async () => {
  const second = join(scene.home, 'second');
  mkdirSync(second);
  writeFileSync(join(second, 'index.json'), '{"schemaVersion":2,"manifests":[]}');
  const archive = join(scene.folder, 'evil.tar');
  execFileSync('tar', ['-cf', archive, '-C', join(scene.folder, 'evil'), '.']);
  execFileSync('tar', ['-rf', archive, '-C', second, './index.json']);
  const run = await copy('oci-archive:evil.tar');
  expect(run.stderr).toContain('index.json');
  expect(run.status).toBe(3);
});
