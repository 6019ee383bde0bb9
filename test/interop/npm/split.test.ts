/** `split: 8` of five hundred packages: what a new version, or one package more, changes of the layers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectOf, type PublishedPackage, startNpmRegistry } from '../../rigs/npm-registry.ts';
import { makeProject, type Project } from '../../rigs/project.ts';
import type { RecordingListener } from '../../rigs/recording-listener.ts';
import { runBuilt } from '../../rigs/run-program.ts';

const recipe = 'from: scratch\nworkdir: /app\nlayers:\n  - npm: .\n    split: 8\n';
const packages: readonly PublishedPackage[] = Array.from({ length: 500 }, (_, at) => ({
  name: at % 10 === 0 ? `@scope/package-${String(at)}` : `package-${String(at)}`,
  version: '1.0.0',
  files: { 'index.js': `module.exports = ${String(at)};\n`, 'lib/deep/a.js': String(at) },
}));
const bumped = packages.map((one, at) => (at === 123 ? { ...one, version: '1.0.1' } : one));
const added: readonly PublishedPackage[] = [...packages, { name: 'zz-added', version: '1.0.0' }];

let registry: RecordingListener;
let project: Project;
beforeAll(async () => {
  registry = await startNpmRegistry([...packages, ...bumped, ...added]);
  project = makeProject(recipe, { '.npmrc': `registry=${registry.origin}/\n` });
});
afterAll(async () => {
  project.remove();
  await registry.stop();
});

/** The digests of the layers. */
async function layersOf(list: readonly PublishedPackage[]): Promise<string[]> {
  for (const [name, text] of Object.entries(projectOf(list))) project.write(name, text);
  const options = { ...project.options, env: { HOME: join(project.folder, '..') } };
  const { status, stdout, stderr } = await runBuilt(['build', '-q', '-o', 'oci:layout:t'], options);
  expect(status, stderr).toBe(0);
  const [digest = ''] = /[0-9a-f]{64}/.exec(stdout) ?? [];
  const manifest = readFileSync(join(project.folder, 'layout/blobs/sha256', digest), 'utf8');
  return (JSON.parse(manifest) as { layers: { digest: string }[] }).layers.map((layer) => layer.digest);
}

test('one new version changes one layer of the packages, and one package more at most two', async () => {
  const before = await layersOf(packages);
  const changed = async (list: readonly PublishedPackage[]) => {
    const after = await layersOf(list);
    return after.filter((digest) => !before.includes(digest)).length;
  };
  expect(await changed(bumped)).toBe(1);
  expect(registry.requests.length).toBe(501);
  expect(await changed(added)).toBeLessThanOrEqual(2);
  expect(registry.requests.length).toBe(502);
  expect(await changed(packages)).toBe(0);
});
