/**
 * A base whose folders are known stays in its registry: an image on it is pushed without the base's bytes moving
 * either way. `LAYERWRIGHT_BASE_MB=200` makes the base as large as real ones.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DockerRegistry, startDockerRegistry } from '../rigs/docker-registry.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { requestsOf } from '../rigs/registry-requests.ts';
import { hasProgram } from '../rigs/runtimes.ts';

const slow = 240_000;
const baseBytes = Number(process.env['LAYERWRIGHT_BASE_MB'] ?? '4') * 1024 * 1024;

describe.skipIf(!hasProgram('docker-registry'))('a base in a registry (needs docker-registry)', () => {
  let registry: DockerRegistry;
  let base: Project;
  let app: Project;
  /** The base's only layer. */
  let layer: string;

  beforeEach(async () => {
    registry = await startDockerRegistry();
    base = makeProject('layers:\n  - copy: files\n    to: /opt/base\n');
    for (let at = 0; at < 4; at += 1) base.write(`files/${at}`, randomBytes(baseBytes / 4));
    const pushed = base.succeed('build', '--push', '-t', `${registry.host}/base/os:1`);
    layer = layersOf(base, digestOf(pushed))[0] ?? '';
    app = makeProject(
      `image: ${registry.host}/apps/app:1\nfrom: ${registry.host}/base/os:1\nlayers:\n  - copy: app\n    to: /opt/base/app\n`,
      { 'app/run': 'one' },
    );
    app.succeed('build', '--push');
  }, slow);
  afterEach(async () => {
    base.remove();
    app.remove();
    await registry.stop();
  });

  const stored = (digest: string) => join(app.options.cache, 'store/blobs', digest.replace(':', '/'));
  /** Removes the base's layer from the store, as garbage collection does; what is known of it stays. */
  const forget = () => {
    rmSync(stored(layer));
  };
  const build = (...args: readonly string[]) => {
    const { status, stdout, stderr } = app.run('build', '--progress', 'json', ...args);
    expect(stderr).not.toMatch(/"severity":"error"/);
    expect(status).toBe(0);
    return { digest: digestOf(stdout), events: eventsOf(stderr) };
  };

  test('is mounted, and not downloaded, where its folders are known', { timeout: slow }, () => {
    app.write('app/run', 'two');
    const whole = build().digest;
    forget();
    let pushed: ReturnType<typeof build> | undefined;
    const requests = requestsOf(registry, () => {
      pushed = build('--push', '-t', `${registry.host}/apps/second:1`);
    });
    expect(pushed?.digest).toBe(whole);
    expect(requests.filter((request) => request.startsWith('GET') && request.includes(layer))).toEqual([]);
    expect(requests.filter((request) => /^POST \S+[?&]mount=\S+ 201$/.test(request))).toHaveLength(1);
    expect(deliveredBytes(pushed?.events)).toBeLessThan(16 * 1024);
    expect(existsSync(stored(layer))).toBe(false);
    const known = requestsOf(registry, () =>
      app.succeed('copy', `${registry.host}/apps/second:1`, 'oci:out'),
    );
    expect(known.filter((request) => request.startsWith('GET') && request.includes(layer))).toHaveLength(1);
    expect(topOf(join(app.folder, 'out'))).toBe(whole);
  });

  test('leaves nothing to do for a repeated push', { timeout: slow }, () => {
    forget();
    const requests = requestsOf(registry, () => {
      const { events } = build('--push');
      expect(events.find(({ type }) => type === 'plan-made')).toMatchObject({ actions: 3, cached: 3 });
    });
    expect(requests.filter((request) => !/^(HEAD|GET) \S+ 200$/.test(request))).toEqual([]);
    expect(existsSync(stored(layer))).toBe(false);
  });

  test('is fetched when the image is wanted here, whole', { timeout: slow }, () => {
    app.write('app/run', 'three');
    forget();
    const whole = build('--push').digest;
    expect(indexOf(app)).not.toContain(whole);
    expect(build('-o', 'oci:out').digest).toBe(whole);
    expect(existsSync(stored(layer))).toBe(true);
    expect(topOf(join(app.folder, 'out'))).toBe(whole);
    expect(indexOf(app)).toContain(whole);
  });

  test('goes to a registry that has nothing of it', { timeout: slow }, async () => {
    const other = await startDockerRegistry();
    try {
      const whole = build().digest;
      forget();
      expect(build('--push', '-t', `${other.host}/apps/app:1`).digest).toBe(whole);
      app.succeed('copy', `${other.host}/apps/app:1`, 'oci:out');
      expect(topOf(join(app.folder, 'out'))).toBe(whole);
    } finally {
      await other.stop();
    }
  });
});

type Event = Readonly<Record<string, unknown>>;

function eventsOf(stderr: string): Event[] {
  return stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
}

function deliveredBytes(events: readonly Event[] = []): number {
  return Number(events.find(({ type }) => type === 'delivery-finished')?.['bytes'] ?? Number.NaN);
}

function digestOf(stdout: string): string {
  return /sha256:[0-9a-f]{64}(?=\n$)/.exec(stdout)?.[0] ?? `no digest in ${stdout}`;
}

interface Manifest {
  readonly layers: readonly { readonly digest: string }[];
}

function layersOf({ options }: Project, manifest: string): string[] {
  const path = join(options.cache, 'store/blobs', manifest.replace(':', '/'));
  return (JSON.parse(readFileSync(path, 'utf8')) as Manifest).layers.map(({ digest }) => digest);
}

/** The digest of the first image of a layout. */
function topOf(layout: string): string | undefined {
  const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as {
    readonly manifests: readonly { readonly digest: string }[];
  };
  return index.manifests[0]?.digest;
}

/** The store's own index, which other tools read. */
function indexOf({ options }: Project): string {
  return readFileSync(join(options.cache, 'store/index.json'), 'utf8');
}
