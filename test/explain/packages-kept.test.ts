/** What a tree's packages are is kept as long as the tree: garbage collection takes it from no build that is used. */
import { readdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectOf, type PublishedPackage, startNpmRegistry } from '../rigs/npm-registry.ts';
import type { RecordingListener } from '../rigs/recording-listener.ts';
import { openScene, type Scene } from './explain-scene.ts';

const before: PublishedPackage = { name: 'undici', version: '7.30.1' };
const after: PublishedPackage = { name: 'undici', version: '7.30.2' };

let registry: RecordingListener;
let scene: Scene;
beforeEach(async () => {
  registry = await startNpmRegistry([before, after]);
  scene = await openScene('from: scratch\nworkdir: /app\nlayers:\n  - npm: .\n');
  scene.project.write('.npmrc', `registry=${registry.origin}/\n`);
  writeNpm(before);
  await scene.succeed(['build']);
});
afterEach(async () => {
  scene.project.remove();
  await registry.stop();
});

function writeNpm(one: PublishedPackage): void {
  for (const [name, text] of Object.entries(projectOf([one]))) scene.project.write(name, text);
}

/** Files of the store below a folder of it. */
function stored(folder: string): string[] {
  const { cache } = scene.project.options;
  const names = readdirSync(cache, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.includes(folder)).map((name) => join(cache, name));
}

async function expectVersions(): Promise<void> {
  writeNpm(after);
  expect(await scene.succeed(['plan'])).toContain('1 package changed: undici 7.30.1 → 7.30.2');
}

test('the packages of a build that is used stay when garbage is collected', async () => {
  for (const file of stored('results/packages')) utimesSync(file, 1e9, 1e9);
  await scene.succeed(['build']);
  await scene.succeed(['cache', 'gc', '--keep-days', '1']);
  await expectVersions();
});

test('they are known again after the next build where they were lost', async () => {
  const lost = stored('results/packages/');
  expect(lost.length).toBeGreaterThan(0);
  for (const file of lost) rmSync(file, { recursive: true });
  await scene.succeed(['build']);
  await expectVersions();
});
