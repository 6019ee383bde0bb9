/** What `npm: .` asks of a registry, what it shows it, and what it refuses: the built command before registries on loopback. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCommand } from '../../rigs/command.ts';
import { networkCut } from '../../rigs/network-cut.ts';
import { projectOf, type PublishedPackage, startNpmRegistry } from '../../rigs/npm-registry.ts';
import { makeProject, type Project } from '../../rigs/project.ts';
import type { RecordingListener } from '../../rigs/recording-listener.ts';
import { runBuilt } from '../../rigs/run-program.ts';

const recipe = 'from: scratch\nworkdir: /app\nlayers:\n  - npm: .\n';
const left: PublishedPackage = { name: 'left', version: '1.2.3', files: { 'index.js': 'left();\n' } };
const right: PublishedPackage = { name: 'right', version: '4.5.6', files: { 'index.js': 'right();\n' } };
const hidden: PublishedPackage = { name: '@hidden/one', version: '1.0.0', files: { 'a.js': 'a();\n' } };
const secret = 'npm-canary-3b1c9d';

let project: Project;
let registries: RecordingListener[];
beforeEach(() => {
  registries = [];
});
afterEach(async () => {
  project.remove();
  for (const registry of registries) await registry.stop();
});

async function serve(...how: Parameters<typeof startNpmRegistry>): Promise<RecordingListener> {
  const registry = await startNpmRegistry(...how);
  registries.push(registry);
  return registry;
}

/** Builds with no settings and no cache of the user's. */
function build(env: Readonly<Record<string, string>> = {}) {
  const home = join(project.folder, '..');
  const options = { ...project.options, env: { HOME: home, ...env } };
  return runBuilt(['build', '-q', '-o', 'oci:layout:t'], options);
}

function blobs(): string[] {
  const names = readdirSync(project.options.cache, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /blobs[/]sha\d+[/]/.test(name));
}

test('a tarball that is not what the lock says ends with 4, named with its host, and is not kept', async () => {
  const registry = await serve([left, right], { tampered: ['right'] });
  project = makeProject(recipe, { ...projectOf([right]), '.npmrc': `registry=${registry.origin}/\n` });
  const { status, stderr } = await build();
  expect(stderr).toContain('right@4.5.6');
  expect(stderr).toContain(registry.host);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(status).toBe(4);
  expect(blobs()).toEqual([]);
  expect(readdirSync(project.folder)).not.toContain('layout');
});

test('a token goes to the registry of its scope, and to nobody else', async () => {
  const own = await serve([hidden], { token: secret });
  const other = await serve([left]);
  const settings = [
    `registry=${other.origin}/`,
    `@hidden:registry=${own.origin}/`,
    `//${own.host}/:_authToken=\${NPM_CANARY}`,
  ];
  project = makeProject(recipe, { ...projectOf([hidden, left]), '.npmrc': settings.join('\n') });
  const { status, stdout, stderr } = await build({ NPM_CANARY: secret });
  expect(status, stderr).toBe(0);
  expect(own.requests.map(({ path }) => path)).toEqual(['/@hidden/one/-/one-1.0.0.tgz']);
  expect(own.seen()).toContain(secret);
  expect(other.requests.map(({ path }) => path)).toEqual(['/left/-/left-1.2.3.tgz']);
  expect(other.seen()).not.toContain(secret);
  expect(stdout + stderr).not.toContain(secret);
});

test('a registry that refuses ends with 6, and says who refused what', async () => {
  const registry = await serve([hidden], { token: secret });
  project = makeProject(recipe, { ...projectOf([hidden]), '.npmrc': `registry=${registry.origin}/\n` });
  const { status, stderr } = await build();
  expect(status).toBe(6);
  expect(stderr).toContain('@hidden/one@1.0.0');
  expect(stderr).toContain(registry.host);
  expect(blobs()).toEqual([]);
});

test('an optional package that is nowhere ends the build, and the way out is named', async () => {
  const registry = await serve([right], { tampered: ['right'] });
  const optional = (one: PublishedPackage) =>
    Object.entries(projectOf([one])).map(([name, text]) => [
      name,
      text
        .replaceAll('"dependencies"', '"optionalDependencies"')
        .replace('"integrity"', '"optional": true, "integrity"'),
    ]);
  const settings = { '.npmrc': `registry=${registry.origin}/\n` };
  project = makeProject(recipe, { ...(Object.fromEntries(optional(left)) as object), ...settings });
  const missing = await build();
  expect(missing.status).toBe(5);
  expect(missing.stderr).toContain('left@1.2.3');
  expect(missing.stderr).toContain('`omit: [dev, optional]` leaves all of those out');
  project.write('oci.config.yaml', `${recipe}    omit: [dev, optional]\n`);
  expect((await build()).status).toBe(0);
  project.write('oci.config.yaml', recipe);
  for (const [name = '', text = ''] of optional(right)) project.write(name, text);
  const tampered = await build();
  expect(tampered.status).toBe(4);
  expect(tampered.stderr).not.toContain('omit');
});

describe.skipIf(networkCut === undefined)('without any network (needs unshare -n)', () => {
  test('the second build gives the same image', async () => {
    const registry = await serve([left, right]);
    project = makeProject(recipe, {
      ...projectOf([left, right]),
      '.npmrc': `registry=${registry.origin}/\n`,
    });
    const first = await build();
    expect(first.status, first.stderr).toBe(0);
    const asked = registry.requests.length;
    const env = { HOME: join(project.folder, '..') };
    const words = ['build', '-q', '-o', 'oci:layout:t'];
    const second = runCommand(words, { ...project.options, env, through: networkCut ?? [] });
    expect(second.status, second.stderr).toBe(0);
    expect(second.stdout).toBe(first.stdout);
    expect((await build()).stdout).toBe(first.stdout);
    expect(registry.requests.length).toBe(asked);
  });
});
