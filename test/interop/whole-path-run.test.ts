/**
 * A real image runs the same in every runtime and engine: what its process sees of its tree, user, words, environment
 * and loopback is one text, and its status is one status, however the image got there. Each engine takes each of its
 * ways and both images, and each way takes both images somewhere; `npm run campaign:engines` takes every image every way.
 */
import { cpSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CommandRun, runCommand, succeed } from '../rigs/command.ts';
import { type DockerRegistry, startDockerRegistry } from '../rigs/docker-registry.ts';
import { type Engine, startContainerd, startDocker } from '../rigs/engines.ts';
import { canBecomeOrdinary, type OrdinaryUser, ordinaryUser } from '../rigs/ordinary-user.ts';
import { type Podman, preparePodman } from '../rigs/podman.ts';
import { crunHere, hasProgram } from '../rigs/runtimes.ts';
import {
  buildWholePath,
  canBuildWholePath,
  type WholeImage,
  type WholePath,
  wholePathNeeds,
} from '../rigs/whole-path.ts';

const slow = { timeout: 240_000 };
const images: readonly WholeImage[] = ['service', 'odd'];
const canRun = canBuildWholePath && hasProgram('runc') && hasProgram('docker-registry');
const isCampaign = process.env['LAYERWRIGHT_CAMPAIGN'] === 'engines';

describe.skipIf(!canRun)(`a real image runs (${wholePathNeeds}, runc and docker-registry)`, () => {
  let built: WholePath;
  let registry: DockerRegistry;
  /** podman names an image after the layout's path, and takes no upper case in it. */
  const lower = join(tmpdir(), `whole-run-${String(process.pid)}`);
  /** What the process prints, by image. */
  const printed = new Map<WholeImage, string>();

  beforeAll(async () => {
    built = buildWholePath('real', ['oci-archive:IMAGE.oci.tar', 'docker-archive:IMAGE.docker.tar']);
    symlinkSync(built.folder, lower);
    registry = await startDockerRegistry();
    for (const image of images) {
      succeed(['push', built.layouts[image], `${registry.host}/whole/${image}:it`, '-q'], built.options);
    }
  }, slow.timeout);
  afterAll(async () => {
    await registry.stop();
    rmSync(lower);
    built.remove();
  }, slow.timeout);

  /** What takes this way: in the campaign both. */
  const taking = (usual: WholeImage) => (isCampaign ? images : [usual]);
  const archive = (image: WholeImage, kind: 'oci' | 'docker') => join(built.folder, `${image}.${kind}.tar`);
  const expectSame = (image: WholeImage, { status, stdout, stderr }: CommandRun) =>
    expect({ status, stdout }, stderr).toEqual({ status: 7, stdout: printed.get(image) });
  const expectDone = (...runs: readonly CommandRun[]) => {
    for (const { status, stderr } of runs) expect(status, stderr).toBe(0);
  };

  test('under runc, which says what all others must say', slow, () => {
    for (const image of images) {
      succeed(['bundle', built.layouts[image], bundleOf(image), '-q'], built.options);
      const { status, stdout, stderr } = run(built, image, 'runc');
      expect(status, stderr).toBe(7);
      expect(stdout).toContain('service 200 {"days":2}\n');
      printed.set(image, stdout);
    }
    expect(printed.get('service')).toContain('user 65534:65534 in /srv/service\n');
    expect(printed.get('service')).toContain('words ["a b","$PATH"] greeting "héllo  $HOME \\"quoted\\""\n');
    expect(printed.get('odd')).toContain('user 0:0 in /srv/service\n');
    expect(printed.get('odd')).toMatch(/^\/odd\/loop 60660 0:6 1 1050412 7000000000$/m);
  });

  test.skipIf(!hasProgram('crun'))('under crun (needs crun)', slow, () => {
    for (const image of images) expectSame(image, run(built, image, crunHere(built.folder)));
  });

  describe.skipIf(!hasProgram('podman'))('in podman (needs podman)', () => {
    let podman: Podman;
    beforeAll(() => {
      podman = preparePodman(join(built.folder, '../podman')); // Its run folder's path is at most 50 bytes.
    });
    const start = (...what: readonly string[]) => podman.run('run', '--rm', '--network', 'none', ...what);

    const loaded = (kind: 'oci' | 'docker', usual: WholeImage) => {
      for (const image of taking(usual)) {
        expectDone(podman.run('load', '-i', archive(image, kind)));
        expectSame(image, start(`localhost/whole/${image}:latest`));
      }
      expectDone(podman.run('rmi', '-a', '-f'));
    };

    test('loaded from docker-archives', slow, () => loaded('docker', 'odd'));

    test('loaded from oci-archives', slow, () => loaded('oci', 'service'));

    test('from layouts', slow, () => {
      for (const image of taking('odd')) expectSame(image, start(`oci:${lower}/${image}-layout:it`));
      expectDone(podman.run('rmi', '-a', '-f'));
    });
  });

  describe.skipIf(!hasProgram('dockerd'))('in docker (needs docker.io)', () => {
    let docker: Engine;
    beforeAll(async () => {
      docker = await startDocker();
    });
    afterAll(() => docker.stop());
    const start = (what: string) => docker.run('run', '--rm', '--network', 'none', what);

    test('loaded from docker-archives', slow, () => {
      for (const image of taking('service')) {
        expectDone(docker.run('load', '-i', archive(image, 'docker')));
        expectSame(image, start(`localhost/whole/${image}:latest`));
      }
      // What docker has of an image it does not ask for again.
      expectDone(docker.run('image', 'prune', '-a', '-f'));
    });

    test('pulled from the registry', slow, () => {
      for (const image of taking('odd')) {
        const name = `${registry.host}/whole/${image}`;
        expectDone(docker.run('pull', `${name}@${built.digests[image]}`), docker.run('pull', `${name}:it`));
        expectSame(image, start(`${name}:it`));
      }
    });
  });

  describe.skipIf(!hasProgram('containerd'))('in containerd (needs containerd)', () => {
    let containerd: Engine;
    beforeAll(async () => {
      containerd = await startContainerd();
    });
    afterAll(() => containerd.stop());
    const start = (what: string) => containerd.run('run', '--rm', what, `look-${String(process.pid)}`);
    const imported = (kind: 'oci' | 'docker', usual: WholeImage) => {
      const names = taking(usual).map((image) => `localhost/whole/${image}:latest`);
      for (const image of taking(usual)) {
        expectDone(containerd.run('images', 'import', archive(image, kind)));
        expectSame(image, start(`localhost/whole/${image}:latest`));
      }
      // And its layers with them.
      expectDone(containerd.run('images', 'rm', '--sync', ...names));
    };

    test('imported from oci-archives', slow, () => imported('oci', 'odd'));

    test('imported from docker-archives', slow, () => imported('docker', 'service'));

    test('pulled from the registry', slow, () => {
      for (const image of taking('service')) {
        const name = `${registry.host}/whole/${image}:it`;
        expectDone(containerd.run('images', 'pull', '--plain-http', name));
        expect(containerd.run('images', 'ls').stdout).toContain(built.digests[image]);
        expectSame(image, start(name));
      }
    });
  });

  describe.skipIf(!canBecomeOrdinary)('for an ordinary user (needs setpriv, unshare and useradd)', () => {
    let user: OrdinaryUser;
    beforeAll(() => {
      user = ordinaryUser(join(built.folder, '..'));
      cpSync(join(built.folder, 'service-layout'), join(user.home, 'layout'), { recursive: true });
    });

    const run = (runtime: string) => user.layerwright('run', '--runtime', runtime, '-q', 'bundle:bundle');

    test('under runc', slow, () => {
      expectDone(user.layerwright('bundle', '--rootless', '-q', 'oci:layout:it', 'bundle'));
      expectSame('service', run('runc'));
    });

    test.skipIf(!hasProgram('crun'))('under crun (needs crun)', slow, () => {
      expectSame('service', run('crun'));
    });

    test.skipIf(!hasProgram('podman'))('in podman (needs podman)', slow, () => {
      const what = `oci:${lower}/service-layout:it`;
      expectSame('service', user.podman.run('run', '--rm', '--network', 'none', what));
    });
  });
});

function run(built: WholePath, image: WholeImage, runtime: string): CommandRun {
  return runCommand(['run', `bundle:${bundleOf(image)}`, '--runtime', runtime, '-q'], built.options);
}

/** Where the image is unpacked, once for all runtimes; below the project's folder. */
function bundleOf(image: WholeImage): string {
  return `${image}-bundle`;
}
