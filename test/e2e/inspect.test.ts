/** `inspect`: an image's documents for people, for programs and byte for byte. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openDiskStore } from '../../src/io/store/disk-store.ts';
import { runCommand } from '../rigs/command.ts';
import { imageOf } from '../rigs/layer-image.ts';
import { makeProject, type Project } from '../rigs/project.ts';

const recipe = `
image: registry.example/acme/api:1.4.0
platforms: [linux/amd64, linux/arm64]
outputs: ["oci:out/api"]
user: "1000:1000"
workdir: /app
env: { MODE: production }
ports: [8080]
labels: { org.example.team: web }
layers:
  - copy: dist
    to: dist
  - file: /etc/arch
    content: \${{ platform.arch }}
entrypoint: [/app/dist/server]
cmd: [--port, "8080"]
`;

let project: Project;
afterEach(() => {
  project.remove();
});

/** The digest that was built. */
function build(): string {
  project = makeProject(recipe, { 'dist/server': 'one' });
  return /sha256:[0-9a-f]{64}/.exec(project.succeed('build', '-q'))?.[0] ?? '';
}

describe('inspect', () => {
  test('shows an index by its platforms', () => {
    const digest = build();
    const text = project.succeed('inspect', 'oci:out/api');
    expect(text).toContain(`digest      ${digest}\n`);
    expect(text).toContain('media type  application/vnd.oci.image.index.v1+json\n');
    expect(text.match(/^manifest {4}linux\/\S+ {2}sha256:[0-9a-f]{64} {2}\S+ k?B$/gm)).toHaveLength(2);
  });

  test('shows the image of one platform: its configuration, layers and sizes', () => {
    build();
    const rows = project.succeed('inspect', '--platform', 'linux/arm64', 'oci:out/api').split('\n');
    expect(rows).toEqual(
      expect.arrayContaining([
        'platform    linux/arm64',
        'created     1970-01-01T00:00:00Z',
        'user        1000:1000',
        'workdir     /app',
        'entrypoint  ["/app/dist/server"]',
        'cmd         ["--port","8080"]',
        'env         MODE=production',
        'port        8080/tcp',
        'label       org.example.team=web',
      ]),
    );
    expect(rows.filter((row) => row.startsWith('layer '))).toHaveLength(2);
    expect(rows.at(-2)).toMatch(/^size {8}\d+ B$/);
  });

  test('gives programs the documents', () => {
    const digest = build();
    const index = JSON.parse(project.succeed('inspect', '--json', 'oci:out/api')) as {
      descriptor: { digest: string };
      index: { manifests: { digest: string }[] };
    };
    expect(index.descriptor.digest).toBe(digest);
    const image: unknown = JSON.parse(
      project.succeed('inspect', '--json', '--platform', 'linux/amd64', 'oci:out/api'),
    );
    expect(image).toMatchObject({
      descriptor: { digest: index.index.manifests[0]?.digest },
      manifest: { layers: [{}, {}] },
      config: { os: 'linux', architecture: 'amd64', config: { Cmd: ['--port', '8080'] } },
    });
  });

  test('with --raw prints the very bytes that the digest names', () => {
    const digest = build();
    const raw = project.succeed('inspect', '--raw', 'oci:out/api');
    expect(`sha256:${createHash('sha256').update(raw).digest('hex')}`).toBe(digest);
    const blob = join(project.folder, 'out/api/blobs', digest.replace(':', '/'));
    expect(raw).toBe(readFileSync(blob, 'utf8'));
  });

  test('writes nothing, not even a store', () => {
    build();
    const cache = join(project.folder, 'no-cache-here');
    expect(runCommand(['inspect', 'oci:out/api'], { ...project.options, cache }).status).toBe(0);
    expect(existsSync(cache)).toBe(false);
  });

  test('escapes what a terminal would act on', async () => {
    project = makeProject('layers: []\n');
    const { blobs } = await openDiskStore(join(project.options.cache, 'store'), {
      access: 'read-write',
      onWarning: () => undefined,
    });
    const config = { Env: ['A=\u001b[31mred'], Labels: { 'a\u202eb': '\u0007' }, User: '\u001b]0;owned' };
    const { manifest } = await imageOf(blobs, [new Uint8Array(1024)], config);
    const text = project.succeed('inspect', `store:${manifest.digest}`);
    expect(text).not.toMatch(/[\u001b\u202e\u0007]/);
    expect(text).toContain('env         A=\\x1b[31mred\n');
    expect(text).toContain('label       a\\u202eb=\\x07\n');
  });

  test.each([
    ['oci:nowhere', 'transport/not-found'],
    ['oci:out/api:2.0', 'transport/unknown-tag'],
    ['bundle:out', 'command/bad-argument'],
    ['store:sha256:abc', 'command/bad-argument'],
    ['UPPER:x y', 'command/bad-argument'],
  ])('of %s says what is wrong', (reference, code) => {
    build();
    const { status, stdout, stderr } = project.run('inspect', reference);
    expect(stderr).toContain(`error[${code}]`);
    expect(stderr).toContain('= help: ');
    expect([status, stdout]).toEqual([2, '']);
  });
});
