/**
 * A base for several platforms, joined by buildah and brought to a registry by skopeo, as an OCI index and as docker's
 * manifest list: each platform of ours stands on the base of that platform, and on no other.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DockerRegistry, startDockerRegistry } from '../rigs/docker-registry.ts';
import { blobFile } from '../rigs/layout-documents.ts';
import { preparePodman } from '../rigs/podman.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { rawTar } from '../rigs/raw-tar.ts';
import { hasProgram, isRoot } from '../rigs/runtimes.ts';
import { makeUmociLayout } from '../rigs/umoci.ts';

const canRun = isRoot && ['umoci', 'buildah', 'skopeo', 'docker-registry'].every((name) => hasProgram(name));

const platforms = [
  { name: 'linux/amd64', tag: 'amd64', flags: ['--arch', 'amd64'] },
  { name: 'linux/arm64', tag: 'arm64', flags: ['--arch', 'arm64'] },
  { name: 'linux/arm/v7', tag: 'arm', flags: ['--arch', 'arm', '--variant', 'v7'] },
];

interface Named {
  readonly digest: string;
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
}

interface Manifest {
  readonly mediaType?: string;
  readonly config: Named;
  readonly layers: readonly Named[];
}

interface Index {
  readonly manifests: readonly Named[];
}

describe.skipIf(!canRun)('an index as base (needs root, umoci, buildah, skopeo and docker-registry)', () => {
  let registry: DockerRegistry;
  let project: Project;
  /** The base's layer for each platform. */
  const layers = new Map<string, string>();
  beforeAll(async () => {
    registry = await startDockerRegistry();
    project = makeProject('layers: []\n');
    for (const { name, tag } of platforms) layers.set(name, makeImage(tag));
    joinImages();
    const places = ['--all', '--dest-tls-verify=false', 'oci:joined:1'];
    run('skopeo', 'copy', ...places, `docker://${registry.host}/joined/oci:1`);
    run('skopeo', 'copy', ...places, `docker://${registry.host}/joined/docker:1`, '--format', 'v2s2');
  }, 120_000);
  afterAll(async () => {
    project.remove();
    await registry.stop();
  });

  const run = (tool: string, ...args: readonly string[]) =>
    execFileSync(tool, args, { cwd: project.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const documentOf = (layout: string, { digest }: Named): unknown =>
    JSON.parse(readFileSync(blobFile(join(project.folder, layout), digest), 'utf8'));
  const topOf = (layout: string) =>
    (
      JSON.parse(readFileSync(join(project.folder, layout, 'index.json'), 'utf8')) as {
        readonly manifests: readonly [Named];
      }
    ).manifests[0];

  /** An image of one layer in a layout of its own; gives the layer's digest. */
  const makeImage = (tag: string): string => {
    const folder = join(project.folder, tag);
    project.write(`${tag}/platform`, tag);
    makeUmociLayout(folder, [rawTar([{ name: 'platform', content: tag }])]);
    run('umoci', 'config', '--image', `${tag}/layout:t`, '--os', 'linux', '--architecture', tag);
    const manifest = documentOf(`${tag}/layout`, topOf(`${tag}/layout`)) as Manifest;
    return manifest.layers[0]?.digest ?? '';
  };

  const joinImages = () => {
    const place = join(project.folder, '../b');
    preparePodman(place);
    const storage = ['--root', join(place, 'root'), '--runroot', join(place, 'run')];
    const buildah = (...args: readonly string[]) =>
      run('env', `CONTAINERS_CONF=${join(place, 'containers.conf')}`, 'buildah', ...storage, ...args);
    buildah('manifest', 'create', 'joined');
    for (const { tag, flags } of platforms)
      buildah('manifest', 'add', '--os', 'linux', ...flags, 'joined', `oci:${tag}/layout:t`);
    buildah('manifest', 'push', '--all', 'joined', 'oci:joined:1');
  };

  const bases = [
    ['a layout', () => 'oci:joined:1'],
    ['a registry', () => `${registry.host}/joined/oci:1`],
    ['a registry, as a manifest list', () => `${registry.host}/joined/docker:1`],
  ] as const;

  describe.each(bases)('in %s', (place, from) => {
    const out = place.replaceAll(/\W+/g, '-');

    test('gives each platform its own base', () => {
      const names = platforms.map(({ name }) => name).join(', ');
      project.write(
        'oci.config.yaml',
        `from: ${from()}\nplatforms: [${names}]\nlayers: [{ file: /note, content: x }]\n`,
      );
      project.succeed('build', '-q', '-o', `oci:${out}:1`);
      const { manifests } = documentOf(out, topOf(out)) as Index;
      const built = manifests.map((one) => {
        const { os, architecture, variant } = one.platform ?? { os: '', architecture: '' };
        const manifest = documentOf(out, one) as Manifest;
        expect(documentOf(out, manifest.config)).toMatchObject({ os, architecture });
        expect(manifest.mediaType).toBe('application/vnd.oci.image.manifest.v1+json');
        return [[os, architecture, variant].filter(Boolean).join('/'), manifest.layers[0]?.digest];
      });
      expect(built).toEqual([...layers]);
    });

    test('ends with 2 for a platform that it lacks', () => {
      project.write(
        'oci.config.yaml',
        `from: ${from()}\nplatforms: [linux/s390x]\nlayers: [{ file: /note, content: x }]\n`,
      );
      const { status, stderr } = project.run('build', '-o', 'oci:lacking:1');
      expect(status, stderr).toBe(2);
      expect(stderr).toContain('it has linux/amd64, linux/arm/v7, linux/arm64');
    });
  });
});
