/**
 * Each example is built by the built command. Those whose inputs all stand in the repository have the digests that
 * stand beside them (`npm run golden` writes them again); the others give the same digests twice. Each is what
 * `verify --rebuild` gives.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { output } from '../../scripts/built-command.mjs';
import { qemu } from '../rigs/arm64.ts';
import { hasNpmRegistry, npmRegistry } from '../rigs/npm-oracle.ts';

const examples = resolve(import.meta.dirname, '../../examples');
const isThere = (tool: string) => spawnSync(tool, ['--version']).error === undefined;
const canRun = process.getuid?.() === 0 && isThere('runc');
const hasDebian = isThere('mmdebstrap');
const slow = 300_000;
const registry = isThere('npm') ? npmRegistry() : {};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layerwright-examples-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each([
  ['hello', ['hello']],
  ['several-images', ['base', 'greeter', 'quiet-greeter']],
])('%s', (example, images) => {
  test('has the digests that stand beside it', async () => {
    const digests: Record<string, Record<string, string>> = {};
    for (const image of images) {
      const layout = join(folder, `${example}-${image}`);
      const names = images.length > 1 ? [image] : [];
      await command('build', ...names, '-C', join(examples, example), '-o', `oci:${layout}:latest`);
      digests[image] = await digestsIn(layout);
      await verifyRebuilt(join(examples, example), `oci:${layout}:latest`, image);
    }
    const file = join(examples, example, 'expected-digests.json');
    await expect(asText(digests)).toMatchFileSnapshot(file);
  });
});

test('as-a-library prints the digest that stands beside it', async () => {
  const example = join(examples, 'as-a-library');
  const layout = join(folder, 'as-a-library');
  const printed = execFileSync(process.execPath, [join(example, 'build-image.mjs'), layout], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const digests = { 'as-a-library': await digestsIn(layout) };
  expect(printed.trim()).toBe(digests['as-a-library']['index']);
  await expect(asText(digests)).toMatchFileSnapshot(join(example, 'expected-digests.json'));
});

test.skipIf(!canRun)('hello greets under runc (needs root and runc)', async () => {
  const layout = `oci:${join(folder, 'hello-run')}:latest`;
  await command('build', '-C', join(examples, 'hello'), '-o', layout);
  expect(await command('run', layout)).toBe('Hello from layerwright on linux/amd64!');
});

test.skipIf(!canRun)('a greeter runs on its base as the user it names (needs root and runc)', async () => {
  const layout = `oci:${join(folder, 'greeter-run')}:latest`;
  await command('build', 'quiet-greeter', '-C', join(examples, 'several-images'), '-o', layout);
  expect(await command('run', layout)).toBe('Hello from layerwright on linux/amd64!');
  expect(await command('ls', layout, '--platform', 'linux/amd64')).not.toContain('motd');
});

describe.skipIf(!hasDebian)('debian-rootfs (needs mmdebstrap and an apt source)', () => {
  test('gives the same digests twice, and runs under runc', { timeout: slow }, async () => {
    const example = await copyOf('debian-rootfs');
    makeRoot(example, 'amd64', []);
    makeRoot(example, 'arm64', []);
    const layout = await buildTwice(example);
    await verifyRebuilt(example, layout, 'debian-rootfs');
    if (canRun) expect(await command('run', layout)).toMatch(/^12[.]\d+$/);
  });
});

describe.skipIf(!hasDebian)('node-service (needs mmdebstrap, an apt source and an npm registry)', () => {
  test('gives the same digests twice, and answers under runc', { timeout: slow }, async () => {
    const example = await copyOf('node-service');
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: example, stdio: 'pipe' });
    makeRoot(example, 'amd64', ['nodejs']);
    const layout = await buildTwice(example);
    await verifyRebuilt(example, layout, 'node-service');
    if (canRun) expect(await command('run', layout, '--', 'src/self-check.js')).toBe('200 {"days":2}');
  });
});

describe.skipIf(!hasNpmRegistry())('multi-platform-native (needs npm with a registry)', () => {
  const layout = () => `oci:${join(folder, 'native')}:latest`;
  const compiled = /^const days = \[1, 2, 3\];/;

  test('has the digests that stand beside it', { timeout: slow }, async () => {
    const example = join(examples, 'multi-platform-native');
    await command('build', '-C', example, '-o', layout());
    const digests = { 'multi-platform-native': await digestsIn(join(folder, 'native')) };
    await verifyRebuilt(example, layout(), 'multi-platform-native');
    await expect(asText(digests)).toMatchFileSnapshot(join(example, 'expected-digests.json'));
  });

  test.skipIf(!canRun)('compiles on amd64 under runc (needs root and runc)', async () => {
    expect(await command('run', layout())).toMatch(compiled);
  });

  test.skipIf(!isThere(qemu))(`compiles on arm64 (needs ${qemu})`, async () => {
    const root = join(folder, 'native-arm64');
    await command('copy', layout(), `rootfs:${root}`, '--platform', 'linux/arm64');
    const program = join(root, 'app/node_modules/@esbuild/linux-arm64/bin/esbuild');
    const source = join(root, 'app/src/hello.ts');
    expect(execFileSync(qemu, [program, source], { encoding: 'utf8' })).toMatch(compiled);
  });
});

/** Runs the built command with a store of this test's own. */
function command(...operands: readonly string[]): Promise<string> {
  return output(operands, { env: { LAYERWRIGHT_CACHE_DIR: join(folder, 'store'), ...registry } });
}

function asText(digests: object): string {
  return `${JSON.stringify(digests, undefined, 2)}\n`;
}

/** The image is what its recipe gives. */
async function verifyRebuilt(example: string, layout: string, image: string): Promise<void> {
  const text = await command('verify', '--rebuild', layout, '-C', example, '--image', image, '-q');
  expect(text).toMatch(/\nrebuilt {2}the same: sha256:[0-9a-f]{64}$/);
}

/** The index's digest, or the one manifest's, and each platform's, as a layout holds them. */
async function digestsIn(layout: string): Promise<Record<string, string>> {
  const [top] = (await manifestsOf(join(layout, 'index.json'))).map(({ digest }) => digest);
  const platforms = await manifestsOf(join(layout, 'blobs', (top ?? '').replace(':', '/')));
  return Object.fromEntries([
    ['index', top ?? ''],
    ...platforms.map(({ platform, digest }) => [`${platform.os}/${platform.architecture}`, digest]),
  ]) as Record<string, string>;
}

interface Listed {
  readonly digest: string;
  readonly platform: { readonly os: string; readonly architecture: string };
}

async function manifestsOf(file: string): Promise<readonly Listed[]> {
  return (JSON.parse(await readFile(file, 'utf8')) as { manifests: readonly Listed[] }).manifests;
}

/** A copy, so that what an example needs does not come to stand in the repository. */
async function copyOf(example: string): Promise<string> {
  const copy = join(folder, example);
  const isMade = (path: string) => /node_modules|root-\w+[.]tar$/.test(path.slice(examples.length));
  await cp(join(examples, example), copy, { recursive: true, filter: (path) => !isMade(path) });
  return copy;
}

function makeRoot(example: string, arch: string, packages: readonly string[]): void {
  const script = join(examples, 'debian-rootfs/make-root.sh');
  execFileSync(script, [arch, join(example, `root-${arch}.tar`), ...packages], { stdio: 'pipe' });
}

/** Builds with two empty stores; gives the layout. */
async function buildTwice(example: string): Promise<string> {
  const builds = [];
  for (const store of ['first', 'second']) {
    const circumstances = { env: { LAYERWRIGHT_CACHE_DIR: `${example}.${store}` } };
    builds.push(
      await output(['build', '-C', example, '-o', `oci:${example}.${store}-layout:latest`], circumstances),
    );
  }
  expect(builds[1]).toBe(builds[0]);
  expect(spawnSync('diff', ['-r', `${example}.first-layout`, `${example}.second-layout`]).status).toBe(0);
  return `oci:${example}.first-layout:latest`;
}
