/**
 * `verify --rebuild` against images that other tools made of the same files: everything that keeps them from being built
 * again is counted by the field it is in.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { preparePodman } from '../rigs/podman.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { hasProgram, isRoot } from '../rigs/runtimes.ts';
import { makeUmociLayout } from '../rigs/umoci.ts';

const recipe = `
layers:
  - copy: dist
    to: /srv
cmd: [/srv/server.js]
`;

let project: Project;
afterEach(() => {
  project.remove();
});

function makeFiles(): void {
  project = makeProject(recipe, { 'dist/server.js': 'one', 'dist/lib/a.js': 'two' });
  chmodSync(join(project.folder, 'dist/server.js'), 0o755);
  symlinkSync('server.js', join(project.folder, 'dist/link'));
}

interface Field {
  readonly field: string;
  readonly count: number;
}

/** How often each field differs between the image and what the recipe gives. */
function differing(reference: string): Map<string, number> {
  const { status, stdout } = project.run('verify', '--rebuild', '--json', '-q', reference);
  expect(status).toBe(4);
  const { rebuild } = JSON.parse(stdout) as { readonly rebuild: { readonly fields: readonly Field[] } };
  return new Map(rebuild.fields.map(({ field, count }) => [field, count]));
}

describe.skipIf(!hasProgram('umoci'))('an image of GNU tar and umoci (needs umoci)', () => {
  test('shows its order, owners, times and PAX records', () => {
    makeFiles();
    const tar = execFileSync('tar', [
      ...[
        '--format=pax',
        '--owner=app:1000',
        '--group=app:1001',
        '--no-recursion',
        '--transform=s,^dist,srv,',
      ],
      ...['-C', project.folder, '-cf', '-', '--mtime=2026-01-03 UTC'],
      ...['dist', 'dist/server.js', 'dist/link', 'dist/lib', 'dist/lib/a.js'],
    ]);
    const layout = makeUmociLayout(project.folder, [tar]);
    const fields = differing(`oci:${layout}:t`);
    expect(Object.fromEntries(fields)).toMatchObject({
      created: 1,
      'history created': expect.any(Number) as number,
      owner: 5,
      group: 5,
      'owner name': 5,
      'group name': 5,
      mtime: 5,
      'PAX record atime': 5,
      'PAX record ctime': 5,
      'order of entries': 1,
      'end of tar': 1,
    });
    expect(fields.has('content')).toBe(false);
  });
});

const canBuildah = isRoot && hasProgram('buildah');

describe.skipIf(!canBuildah)('an image of a Dockerfile (needs root and buildah)', () => {
  test('shows its times and its compression', { timeout: 120_000 }, () => {
    makeFiles();
    writeFileSync(
      join(project.folder, 'Dockerfile'),
      'FROM scratch\nCOPY dist /srv\nCMD ["/srv/server.js"]\n',
    );
    buildByBuildah(project.folder);
    const fields = differing('oci:buildah:t');
    expect([...fields.keys()]).toEqual(
      expect.arrayContaining(['created', 'history created', 'mtime', 'gzip header mtime', 'JSON']),
    );
    for (const absent of ['content', 'extra entry', 'missing entry', 'owner'])
      expect(fields.has(absent)).toBe(false);
    const { stdout, stderr } = project.run('verify', '--rebuild', '-q', 'oci:buildah:t');
    expect(stdout).toMatch(/^\d+ differences in \d+ fields\n/m);
    expect(stdout).toMatch(/^created +1× {2}config: created `1970-01-01T00:00:00Z` ≠ `20/m);
    expect(stderr).toMatch(/^error\[verify\/rebuild-differs\] /);
  });
});

function buildByBuildah(folder: string): void {
  const place = join(folder, '../b');
  preparePodman(place);
  const storage = ['--root', join(place, 'root'), '--runroot', join(place, 'run')];
  const env = { ...process.env, CONTAINERS_CONF: join(place, 'containers.conf') };
  const buildah = (...args: readonly string[]): void => {
    execFileSync('buildah', [...storage, ...args], { cwd: folder, env, stdio: 'pipe' });
  };
  buildah('bud', '-q', '-t', 'x', '.');
  buildah('push', '-q', 'x', 'oci:buildah:t');
}
