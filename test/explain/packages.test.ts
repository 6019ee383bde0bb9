/** What changed of npm and Debian packages is told by their names and versions, before the build and after it. */
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startDebianArchive } from '../rigs/debian-archive.ts';
import { buildPackages, type PackageSpec } from '../rigs/debian-package.ts';
import { projectOf, type PublishedPackage, startNpmRegistry } from '../rigs/npm-registry.ts';
import { hasGpg, makeSigningKey } from '../rigs/signing-key.ts';
import { explainAround } from './explain-around.ts';
import { openScene, type Scene } from './explain-scene.ts';

const undici: PublishedPackage = { name: 'undici', version: '7.30.1', files: { 'index.js': 'one\n' } };
const before = [undici, { name: '@acme/gone', version: '1.0.0' }, { name: 'same', version: '2.0.0' }];
const after = [
  { ...undici, version: '7.30.2', files: { 'index.js': 'two\n', 'lib/new.js': 'new\n' } },
  { name: 'same', version: '2.0.0' },
  { name: 'zod', version: '4.6.7' },
];

function writeNpm({ project }: Scene, packages: readonly PublishedPackage[]): void {
  for (const [name, text] of Object.entries(projectOf(packages))) project.write(name, text);
}

test('explain names the npm packages that changed, and their versions', async () => {
  const registry = await startNpmRegistry([...before, ...after]);
  const scene = await openScene('from: scratch\nworkdir: /app\nlayers:\n  - npm: .\n');
  scene.project.write('.npmrc', `registry=${registry.origin}/\n`);
  writeNpm(scene, before);
  let planned = '';
  const act = async (): Promise<void> => {
    writeNpm(scene, after);
    planned = await scene.succeed(['plan']);
  };
  try {
    const text = await explainAround({ name: 'npm', act }, scene);
    await expect(text).toMatchFileSnapshot('golden/packages/npm.txt');
    expect(planned).toContain(
      '1 package changed: undici 7.30.1 → 7.30.2; 1 package added: zod 4.6.7; 1 package removed: @acme/gone 1.0.0',
    );
  } finally {
    scene.project.remove();
    await registry.stop();
  }
});

const app: PackageSpec = {
  name: 'app',
  version: '1.0-1',
  architecture: 'amd64',
  fields: { Depends: 'libapp1' },
  files: { 'usr/bin/app': 'app\n' },
};
const library = (version: string, fields = {}): PackageSpec => ({
  name: 'libapp1',
  version,
  architecture: 'amd64',
  fields,
  files: { 'usr/lib/libapp.so.1': `${version}\n`, [`usr/share/doc/libapp1/${version}`]: version },
});
const newer = library('3.0.16-1', { Depends: 'libmore2' });
const more: PackageSpec = { ...library('2:0.1'), name: 'libmore2', files: { 'usr/lib/libmore.so.2': 'm\n' } };

test.skipIf(!hasGpg)('explain names the Debian packages that changed (dpkg-deb, gpg)', async () => {
  const [archive, key] = [await startDebianArchive(), makeSigningKey()];
  const publish = (specs: readonly PackageSpec[]): void => {
    archive.publish({ suite: 'stable', components: { main: buildPackages(specs) }, key });
  };
  const scene = await openScene(debRecipe(archive.mirror));
  writeFileSync(scene.path('key.gpg'), key.keyring);
  publish([app, library('3.0.15-1')]);
  const act = async (): Promise<void> => {
    publish([app, newer, more]);
    await scene.succeed(['update']);
  };
  try {
    const text = await explainAround({ name: 'deb', act }, scene);
    await expect(text).toMatchFileSnapshot('golden/packages/deb.txt');
  } finally {
    scene.project.remove();
    key.remove();
    await archive.stop();
  }
});

function debRecipe(mirror: string): string {
  return `from: scratch
platforms: [linux/amd64]
layers:
  - deb: [app]
    suite: stable
    mirror: ${mirror}
    keyring: key.gpg
`;
}
