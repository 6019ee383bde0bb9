/**
 * Images that other tools made are bases of ours: their layers and history stay bit for bit as they are, and what we
 * put above them runs. A base whose bytes are not those that it names, and a platform that it lacks, are refused.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBusybox } from '../rigs/busybox-image.ts';
import { type DockerRegistry, startDockerRegistry } from '../rigs/docker-registry.ts';
import { type Engine, startDocker } from '../rigs/engines.ts';
import { canMake, type ForeignImage, foreignImages, type Workshop } from '../rigs/foreign-images.ts';
import { blobFile, layoutDocuments } from '../rigs/layout-documents.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { hasProgram, isRoot } from '../rigs/runtimes.ts';

const slow = 240_000;
const canRun = isRoot && hasBusybox && hasProgram('docker-registry') && hasProgram('skopeo');

interface Layer {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

interface Manifest {
  readonly layers: readonly Layer[];
}

interface Config {
  readonly config: { readonly Env: readonly string[]; readonly User: string; readonly WorkingDir: string };
  readonly rootfs: { readonly diff_ids: readonly string[] };
  readonly history: readonly object[];
}

const recipe = (from: string) => `
from: ${from}
layers:
  - file: /srv/note
    content: above
  - file: note-too
    content: relative
  - remove: /srv/deep
cmd: [/bin/sh, -c, 'id -u; pwd; cat /srv/note note-too /opt/new; echo; ls /srv /opt; stat -c "%a %u:%g" /srv /opt; echo $MADE; exit 7']
`;
const printed =
  '1000\n/srv\naboverelativenew\n/opt:\nnew\n\n/srv:\nnote\nnote-too\n2755 5:6\n1755 0:0\nby-a-tool\n';

describe.skipIf(!canRun)('a base (needs root, busybox-static, docker-registry and skopeo)', () => {
  let registry: DockerRegistry;
  let docker: Engine | undefined;
  beforeAll(async () => {
    registry = await startDockerRegistry();
    docker = hasProgram('dockerd') ? await startDocker() : undefined;
  });
  afterAll(async () => {
    await docker?.stop();
    await registry.stop();
  });

  const inProject = (foreign: ForeignImage, use: (project: Project, from: string) => void) => {
    const project = makeProject('layers: []\n');
    try {
      const workshop: Workshop = { folder: project.folder, docker, registry: registry.host };
      const from = foreign.make(workshop);
      project.write('oci.config.yaml', recipe(from));
      use(project, from);
    } finally {
      project.remove();
    }
  };

  describe.each(foreignImages)('made by $made (needs $needs)', (foreign) => {
    test.skipIf(!canMake(foreign))('stays as it is below what is ours, and runs', { timeout: slow }, () => {
      inProject(foreign, (project, from) => {
        project.succeed('build', '-q', '-o', 'oci:out:it');
        const base = factsOf(project, from);
        const out = join(project.folder, 'out');
        const [, , manifest, config] = layoutDocuments(out).map(({ value }) => value);
        expectBelow(out, { manifest: manifest as Manifest, config: config as Config }, base);
        const { status, stdout, stderr } = project.run('run', '-q', 'oci:out:it');
        expect({ status, stdout }, stderr).toEqual({ status: 7, stdout: printed });
      });
    });
  });
});

interface Facts {
  readonly manifest: Manifest;
  readonly config: Config;
}

/** What skopeo says of the base. */
function factsOf(project: Project, from: string): Facts {
  const reference = /^(oci|oci-archive|docker-archive):/.test(from) ? from : `docker://${from}`;
  const inspect = (...flags: readonly string[]): unknown => {
    const args = ['inspect', '--tls-verify=false', '--raw', ...flags, reference];
    return JSON.parse(execFileSync('skopeo', args, { cwd: project.folder, encoding: 'utf8' }));
  };
  return { manifest: inspect() as Manifest, config: inspect('--config') as Config };
}

function expectBelow(layout: string, ours: Facts, base: Facts): void {
  const count = base.manifest.layers.length;
  expect(count).toBeGreaterThan(1);
  const named = ({ manifest }: Facts) =>
    manifest.layers.slice(0, count).map(({ digest, size }) => ({ digest, size }));
  expect(named(ours)).toEqual(named(base));
  for (const { digest, mediaType } of ours.manifest.layers) {
    const bytes = readFileSync(blobFile(layout, digest));
    expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(digest);
    const packing = { '1f8b': '+gzip', '28b5': '+zstd' }[bytes.toString('hex', 0, 2)] ?? '';
    expect(mediaType).toBe(`application/vnd.oci.image.layer.v1.tar${packing}`);
  }
  expect(ours.config.rootfs.diff_ids.slice(0, count)).toEqual(base.config.rootfs.diff_ids);
  expect(ours.config.rootfs.diff_ids.length).toBe(count + 3);
  expect(ours.config.history.slice(0, base.config.history.length)).toEqual(base.config.history);
  expect(ours.config.config).toMatchObject({
    Env: base.config.config.Env,
    User: base.config.config.User,
    WorkingDir: base.config.config.WorkingDir,
  });
}
