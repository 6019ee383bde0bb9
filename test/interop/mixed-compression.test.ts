/**
 * One image whose layers are packed in every way (zstd, gzip, not at all) goes everywhere that reads zstd, with its
 * digests, and runs there; what reads none refuses it, as docs/decisions/0006-zstd.md says.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { busyboxEntries, hasBusybox } from '../rigs/busybox-image.ts';
import { type DockerRegistry, startDockerRegistry } from '../rigs/docker-registry.ts';
import { type Engine, type EngineRun, startContainerd, startDocker } from '../rigs/engines.ts';
import { blobFile, layoutDocuments } from '../rigs/layout-documents.ts';
import { type Podman, preparePodman } from '../rigs/podman.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { rawTar } from '../rigs/raw-tar.ts';
import { hasProgram, isRoot } from '../rigs/runtimes.ts';

const slow = { timeout: 240_000 };
const canRun = isRoot && hasBusybox && ['zstd', 'skopeo', 'docker-registry', 'runc'].every(hasProgram);

const recipe = `
image: localhost/mixed
tags: [it]
from: scratch
compression: zstd
layers:
  - { archive: busybox.tar }
  - { copy: data, to: /zstd-19, compression: { type: zstd, level: 19 } }
  - { copy: data, to: /gzip, compression: gzip }
  - { copy: data, to: /none, compression: none }
cmd: [/bin/sh, -c, 'cat /zstd-19/x /gzip/x /none/x']
outputs: ["oci:out:it", "oci-archive:out.tar"]
`;
const printed = 'data\n'.repeat(3).replaceAll('\\\n', '\n');

interface Manifest {
  readonly layers: readonly { readonly mediaType: string; readonly digest: string }[];
}

const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

function expectDone(run: EngineRun): void {
  expect(run.status, run.stderr).toBe(0);
}

describe.skipIf(!canRun)(
  'layers of every compression (needs root, busybox-static, zstd, skopeo, docker-registry, runc)',
  () => {
    let project: Project;
    let registry: DockerRegistry;
    let named: string;
    beforeAll(async () => {
      project = makeProject(recipe, { 'data/x': 'data\n', 'data/long': 'a long text\n'.repeat(500_000) });
      project.write('busybox.tar', rawTar(busyboxEntries()));
      project.succeed('build', '-q');
      registry = await startDockerRegistry();
      named = `${registry.host}/mixed:it`;
    });
    afterAll(async () => {
      await registry.stop();
      project.remove();
    });

    const layout = () => join(project.folder, 'out');
    const documents = () => {
      const [, , manifest, config] = layoutDocuments(layout()).map(({ value }) => value);
      return {
        manifest: manifest as Manifest,
        config: config as { rootfs: { diff_ids: readonly string[] } },
      };
    };
    const digest = () => digestOf(readFileSync(layoutDocuments(layout())[2]!.file));
    const skopeo = (...args: readonly string[]) =>
      execFileSync('skopeo', args, {
        cwd: project.folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });

    test('are what their media types say, and each unpacks to its diffID', slow, () => {
      const { manifest, config } = documents();
      const types = ['zstd', 'zstd', 'gzip', undefined];
      expect(manifest.layers.map(({ mediaType }) => mediaType)).toEqual(
        types.map((type) => `application/vnd.oci.image.layer.v1.tar${type === undefined ? '' : `+${type}`}`),
      );
      const unpacked = manifest.layers.map((layer, at) => {
        const bytes = readFileSync(blobFile(layout(), layer.digest));
        if (types[at] === undefined) return bytes;
        return types[at] === 'gzip'
          ? gunzipSync(bytes)
          : execFileSync('zstd', ['-dc'], { input: bytes, maxBuffer: 2 ** 28 });
      });
      expect(unpacked.map(digestOf)).toEqual(config.rootfs.diff_ids);
      expect(manifest.layers[3]!.digest).toBe(config.rootfs.diff_ids[3]);
    });

    test('are the same bytes with another store and number of jobs', slow, () => {
      const { cwd } = project.options;
      for (const jobs of ['1', '4']) {
        const again = makeProject(recipe);
        try {
          cpSync(cwd, again.folder, { recursive: true });
          again.succeed('build', '-q', '--jobs', jobs, '-o', 'oci:again:it');
          expect(digestOf(readFileSync(layoutDocuments(join(again.folder, 'again'))[2]!.file))).toBe(
            digest(),
          );
        } finally {
          again.remove();
        }
      }
    });

    test('become a bundle that runs, and are listed', slow, () => {
      const { status, stdout, stderr } = project.run('run', '-q', 'oci:out:it');
      expect({ status, stdout }, stderr).toEqual({ status: 0, stdout: printed });
      for (const folder of ['zstd-19', 'gzip', 'none'])
        expect(readFileSync(join(unpacked(), folder, 'long'), 'utf8')).toBe('a long text\n'.repeat(500_000));
      expect(project.succeed('ls', 'oci:out:it')).toContain('/zstd-19/long');
    });
    const unpacked = () => {
      project.succeed('bundle', '-q', 'oci:out:it', 'bundle');
      return join(project.folder, 'bundle/rootfs');
    };

    test('are pushed to a registry with their digests, and come back', slow, () => {
      project.succeed('copy', '-q', 'oci:out:it', named);
      expect(
        digestOf(Buffer.from(skopeo('inspect', '--tls-verify=false', '--raw', `docker://${named}`))),
      ).toBe(digest());
      project.succeed('copy', '-q', named, 'oci:back:it');
      expect(digestOf(readFileSync(layoutDocuments(join(project.folder, 'back'))[2]!.file))).toBe(digest());
    });

    test(
      'go through skopeo as they are, but for the plain one, which it compresses unless told not to',
      slow,
      () => {
        skopeo('copy', '--dest-oci-accept-uncompressed-layers', 'oci:out:it', 'oci:copied:it');
        expect(digestOf(readFileSync(layoutDocuments(join(project.folder, 'copied'))[2]!.file))).toBe(
          digest(),
        );
      },
    );

    test('can be a base, and an image source, of another image', slow, () => {
      const above = makeProject(
        'from: oci:base:it\nlayers: [{ image: oci:base:it, from: [/zstd-19/x], to: /taken }]\n',
      );
      try {
        cpSync(layout(), join(above.folder, 'base'), { recursive: true });
        above.succeed('build', '-q', '-o', 'rootfs:root');
        expect(readFileSync(join(above.folder, 'root/taken'), 'utf8')).toBe('data\n');
      } finally {
        above.remove();
      }
    });

    test.skipIf(!hasProgram('podman'))('run in podman, loaded and pulled (needs podman)', slow, () => {
      const podman: Podman = preparePodman(join(project.folder, '../podman'));
      expectDone(podman.run('load', '-i', join(project.folder, 'out.tar')));
      const loaded = podman.run('run', '--rm', '--network', 'none', 'localhost/mixed:it');
      expect(loaded.stdout, loaded.stderr).toBe(printed);
      expectDone(podman.run('rmi', '-a', '-f'));
      project.succeed('copy', '-q', 'oci:out:it', named);
      expectDone(podman.run('pull', '--tls-verify=false', named));
      const pulled = podman.run('run', '--rm', '--network', 'none', named);
      expect(pulled.stdout, pulled.stderr).toBe(printed);
      expectDone(podman.run('rmi', '-a', '-f'));
    });

    describe.skipIf(!hasProgram('containerd'))('in containerd (needs containerd)', () => {
      let containerd: Engine;
      beforeAll(async () => {
        containerd = await startContainerd();
      });
      afterAll(() => containerd.stop());

      test('run, imported and pulled', slow, () => {
        expectDone(containerd.run('images', 'import', join(project.folder, 'out.tar')));
        const imported = containerd.run('run', '--rm', 'localhost/mixed:it', `mixed-${String(process.pid)}`);
        expect(imported.stdout, imported.stderr).toBe(printed);
        project.succeed('copy', '-q', 'oci:out:it', named);
        expectDone(containerd.run('images', 'pull', '--plain-http', named));
        const pulled = containerd.run('run', '--rm', named, `pulled-${String(process.pid)}`);
        expect(pulled.stdout, pulled.stderr).toBe(printed);
      });
    });

    test.skipIf(!hasProgram('umoci'))('are refused by umoci, which reads no zstd (needs umoci)', slow, () => {
      const args = ['unpack', '--image', `${layout()}:it`, join(project.folder, 'umoci')];
      const { status, stderr } = spawnSync('umoci', args, { encoding: 'utf8' });
      expect(status).not.toBe(0);
      expect(stderr).toContain('tar+zstd');
    });

    test('are refused for a docker-archive before anything is written', slow, () => {
      const { status, stderr } = project.run('copy', '-q', 'oci:out:it', 'docker-archive:docker.tar');
      expect(stderr).toContain('transport/not-for-docker');
      expect(status).toBe(2);
      expect(spawnSync('ls', [join(project.folder, 'docker.tar')]).status).not.toBe(0);
    });

    test.skipIf(!hasProgram('dockerd'))(
      'docker loads them with gzip in the place of zstd (needs docker.io)',
      slow,
      async () => {
        const docker = await startDocker();
        const plain = makeProject(recipe.replaceAll('zstd', 'gzip').replace('level: 19', 'level: 9'));
        try {
          cpSync(join(project.folder, 'data'), join(plain.folder, 'data'), { recursive: true });
          cpSync(join(project.folder, 'busybox.tar'), join(plain.folder, 'busybox.tar'));
          plain.succeed('build', '-q', '-o', 'docker-archive:docker.tar');
          expectDone(docker.run('load', '-i', join(plain.folder, 'docker.tar')));
          const ran = docker.run('run', '--rm', '--network', 'none', 'localhost/mixed:it');
          expect(ran.status, ran.stderr).toBe(0);
        } finally {
          plain.remove();
          await docker.stop();
        }
      },
    );
  },
);
