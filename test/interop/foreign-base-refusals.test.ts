/**
 * A base whose bytes are not those that it names ends with 4, and a platform that it lacks with 2; nothing is written
 * half, and once the base is whole again the same store builds. From an index each platform gets its own base.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hasBusybox } from '../rigs/busybox-image.ts';
import { type DockerRegistry, startDockerRegistry } from '../rigs/docker-registry.ts';
import { umociLayout } from '../rigs/foreign-images.ts';
import { blobFile, layoutDocuments } from '../rigs/layout-documents.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { hasProgram } from '../rigs/runtimes.ts';

const canRun = hasBusybox && ['umoci', 'skopeo', 'docker-registry'].every((name) => hasProgram(name));

interface Named {
  readonly digest: string;
}

interface Manifest {
  readonly config: Named;
  readonly layers: readonly [Named, ...Named[]];
}

const recipe = (from: string, more = '') => `
image: localhost/above
from: ${from}
outputs: ["oci:out", "oci-archive:out.tar", "rootfs:out.d"]
layers:
  - file: /srv/note
    content: above
${more}`;

describe.skipIf(!canRun)('a base (needs busybox-static, umoci, skopeo and docker-registry)', () => {
  let registry: DockerRegistry;
  let project: Project;
  let manifest: Manifest;
  let digests: Readonly<Record<'manifest' | 'config' | 'lowest layer' | 'highest layer', string>>;
  beforeAll(async () => {
    registry = await startDockerRegistry();
  });
  afterAll(() => registry.stop());
  beforeEach(() => {
    project = makeProject('layers: []\n');
    umociLayout({ folder: project.folder, docker: undefined, registry: registry.host });
    const documents = layoutDocuments(join(project.folder, 'layout'));
    manifest = documents[2]?.value as Manifest;
    digests = {
      manifest: `sha256:${documents[2]?.file.slice(-64) ?? ''}`,
      config: manifest.config.digest,
      'lowest layer': manifest.layers[0].digest,
      'highest layer': manifest.layers.at(-1)?.digest ?? '',
    };
  });
  afterEach(() => {
    project.remove();
  });

  const parts = ['manifest', 'config', 'lowest layer', 'highest layer'] as const;
  const outputs = () => readdirSync(project.folder).filter((name) => name.startsWith('out'));
  const blobsOfStore = () => {
    const folder = join(project.options.cache, 'store/blobs/sha256');
    return existsSync(folder) ? readdirSync(folder) : [];
  };
  const skopeo = (...args: readonly string[]) => {
    const { status, stderr } = spawnSync('skopeo', args, { cwd: project.folder, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
  };
  const expectRefused = (file: string, digest: string) => {
    const whole = readFileSync(file);
    writeFileSync(file, changed(whole));
    const { status, stderr } = project.run('build');
    expect(status, stderr).toBe(4);
    expect(stderr).toContain(digest.slice('sha256:'.length, 19));
    expect(outputs()).toEqual([]);
    expect(blobsOfStore()).not.toContain(digest.slice('sha256:'.length));
    writeFileSync(file, whole);
    project.succeed('build');
    expect(outputs().sort()).toEqual(['out', 'out.d', 'out.tar']);
  };

  test.each(parts)('of a layout whose %s has other bytes is refused', (part) => {
    project.write('oci.config.yaml', recipe('oci:layout:t'));
    expectRefused(blobFile(join(project.folder, 'layout'), digests[part]), digests[part]);
  });

  test.each(parts)('of a registry that gives other bytes as its %s is refused', (part) => {
    const name = `${registry.host}/refused/${part.replace(' ', '-')}:1`;
    skopeo('copy', '--dest-tls-verify=false', 'oci:layout:t', `docker://${name}`);
    project.write('oci.config.yaml', recipe(`${name}@${digests.manifest}`));
    const hex = digests[part].slice('sha256:'.length);
    expectRefused(join(registry.data, 'blobs/sha256', hex.slice(0, 2), hex, 'data'), digests[part]);
  });

  test('of an oci-archive whose layer has other bytes is refused', () => {
    skopeo('copy', 'oci:layout:t', 'oci-archive:base.tar:t');
    project.write('oci.config.yaml', recipe('oci-archive:base.tar:t'));
    const file = join(project.folder, 'base.tar');
    const whole = readFileSync(file);
    const layer = readFileSync(blobFile(join(project.folder, 'layout'), digests['lowest layer']));
    const at = whole.indexOf(layer);
    expect(at).toBeGreaterThan(0);
    writeFileSync(
      file,
      Buffer.concat([whole.subarray(0, at), changed(layer), whole.subarray(at + layer.length)]),
    );
    expect(project.run('build').status).toBe(4);
    expect(outputs()).toEqual([]);
  });

  test('of a docker-archive whose layer is not the one of its config is refused', () => {
    skopeo('copy', 'oci:layout:t', 'docker-archive:base.tar:localhost/base:1');
    project.write('oci.config.yaml', recipe('docker-archive:base.tar'));
    const file = join(project.folder, 'base.tar');
    const whole = readFileSync(file);
    const at = whole.indexOf('kept', whole.indexOf('srv/deep/kept') + 512);
    whole.write('torn', at);
    writeFileSync(file, whole);
    expect(project.run('build').status).toBe(4);
    expect(outputs()).toEqual([]);
  });

  test.each(['oci:layout:t', 'registry'])('that lacks the platform is refused: %s', (place) => {
    const name = `${registry.host}/refused/platform:1`;
    skopeo('copy', '--dest-tls-verify=false', 'oci:layout:t', `docker://${name}`);
    const from = place === 'registry' ? name : place;
    project.write('oci.config.yaml', recipe(from, 'platforms: [linux/amd64, linux/riscv64]\n'));
    const { status, stderr } = project.run('build');
    expect(status, stderr).toBe(2);
    expect(stderr).toContain('source/platform-missing');
    expect(stderr).toContain('linux/riscv64');
    expect(outputs()).toEqual([]);
  });
});

/** The same size, and one bit another. */
function changed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const at = Math.floor(copy.length / 2);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
