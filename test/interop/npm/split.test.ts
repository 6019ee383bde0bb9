/**
 * `split: 8` of five hundred packages: what a new version, or one package more, changes of the layers. Made packages in
 * a usual run; six hundred real ones, which npm itself bumps and adds to, in `npm run campaign:npm`.
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandOptions, succeed } from '../../rigs/command.ts';
import { hasNpmRegistry, npmInstallLocked, npmRegistry } from '../../rigs/npm-oracle.ts';
import { lockedPackages } from '../../rigs/npm-project.ts';
import { projectOf, type PublishedPackage, startNpmRegistry } from '../../rigs/npm-registry.ts';
import { makeProject, type Project } from '../../rigs/project.ts';
import type { RecordingListener } from '../../rigs/recording-listener.ts';
import { runBuilt } from '../../rigs/run-program.ts';
import { hasProgram } from '../../rigs/runtimes.ts';
import { scratchFolder } from '../../rigs/scratch-folder.ts';

const isCampaign = process.env['LAYERWRIGHT_CAMPAIGN'] === 'npm';
const canRun = hasProgram('npm') && hasNpmRegistry();

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
  return layersIn(project.folder, stdout);
}

/** What stands in the manifest that the command named, in the folder's layout. */
function layersIn(folder: string, stdout: string): string[] {
  const [digest = ''] = /[0-9a-f]{64}/.exec(stdout) ?? [];
  const manifest = readFileSync(join(folder, 'layout/blobs/sha256', digest), 'utf8');
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

/**
 * From the older version to the newer one: a package without commands, one with two, one with an install script.
 * Neither asks for a package that the other does not.
 */
const bumps: readonly (readonly [name: string, older: string, newer: string])[] = [
  ['zod', '3.25.75', '3.25.76'],
  ['typescript', '5.9.2', '5.9.3'],
  ['core-js', '3.50.0', '3.51.0'],
];

// It takes minutes: a usual run does not have it.
const campaign = isCampaign ? test.skipIf(!canRun) : undefined;

campaign?.(
  'a real lock of over 500 packages, bumped and added to by npm (needs npm with a registry)',
  { timeout: 900_000 },
  async () => {
    const scratch = scratchFolder('npm-split');
    const folder = join(scratch.path, 'large');
    cpSync(resolve(import.meta.dirname, '../../../bench/npm/large'), folder, { recursive: true });
    writeFileSync(join(folder, 'oci.config.yaml'), `${recipe}compression: { type: gzip, level: 1 }\n`);
    const options = { cwd: folder, cache: join(scratch.path, 'cache'), env: npmRegistry() };
    const installed = Object.values(lockedPackages(folder)).filter(({ optional }) => optional !== true);
    expect(installed.length).toBeGreaterThan(500);
    const newest = realLayers(options);
    expect(newest.length).toBe(9);

    for (const [name, older, newer] of bumps) {
      expect(lockedPackages(folder)[`node_modules/${name}`]?.version).toBe(newer);
      await npmInstallLocked(folder, `${name}@${older}`);
      expect(changedParts(realLayers(options), newest), `${name} from ${older} to ${newer}`).toBe(1);
      await npmInstallLocked(folder, `${name}@${newer}`);
      expect(realLayers(options), `${name} back at ${newer}`).toEqual(newest);
    }

    await npmInstallLocked(folder, 'left-pad@1.3.0');
    const added = changedParts(newest, realLayers(options));
    expect(added).toBeGreaterThanOrEqual(1);
    expect(added).toBeLessThanOrEqual(2);
    scratch.remove();
  },
);

function realLayers(options: CommandOptions): string[] {
  return layersIn(options.cwd, succeed(['build', '-q', '-o', 'oci:layout:t'], options));
}

/** Of the eight; the ninth has package.json, which says what was asked for. */
function changedParts(before: readonly string[], after: readonly string[]): number {
  expect(after.length).toBe(before.length);
  return after.slice(0, 8).filter((digest, at) => digest !== before[at]).length;
}
