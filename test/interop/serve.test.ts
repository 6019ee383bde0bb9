/**
 * What `serve` offers is pulled by every engine and tool with the digest that was built, and what they push stands there
 * with the digest that it had.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, type EngineRun, startContainerd, startDocker } from '../rigs/engines.ts';
import { preparePodman } from '../rigs/podman.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { hasProgram, isRoot } from '../rigs/runtimes.ts';
import { type ServeCommand, startServeCommand } from '../rigs/serve-command.ts';

const recipe = `
image: registry.example/acme/app:1.0
platforms: [linux/amd64, linux/arm64]
outputs: ["oci:out"]
layers:
  - file: /etc/arch
    content: \${{ platform.arch }}
  - copy: dist
cmd: [/server]
`;

const slow = 240_000;
let project: Project;
let server: ServeCommand;
/** Of the index, and of the manifest for this machine. */
const digests = { index: '', amd64: '' };

beforeAll(async () => {
  project = makeProject(recipe, { 'dist/server': 'x'.repeat(300_000) });
  const digestIn = (text: string) => /sha256:[0-9a-f]{64}/.exec(text)?.[0] ?? `no digest in ${text}`;
  digests.index = digestIn(project.succeed('build', '-q'));
  const manifests = project.succeed('inspect', '--raw', 'oci:out');
  digests.amd64 = digestIn(manifests.slice(0, manifests.indexOf('"amd64"')));
  server = await startServeCommand(['-v', 'registry'], project.options);
  project.succeed('push', '-q', 'oci:out', `${server.host}/acme/app:1.0`);
}, slow);
afterAll(async () => {
  await server.stop();
  project.remove();
});

function run(command: string, ...args: readonly string[]): string {
  return checked(spawnSync(command, args, { encoding: 'utf8', cwd: project.folder, timeout: slow }));
}

function checked({
  status,
  stdout,
  stderr,
}: Pick<EngineRun, 'stdout' | 'stderr'> & { status: number | null }): string {
  if (status !== 0) throw new Error(`ended with ${String(status)}: ${stderr}`);
  return stdout;
}

const reference = (name = 'acme/app:1.0') => `${server.host}/${name}`;

/** The digest of what stands under a reference, asked over the wire. */
async function served(name: string): Promise<string | null> {
  const [repository, tag] = name.split(':');
  const answer = await fetch(`${server.url}/v2/${repository}/manifests/${tag}`, { method: 'HEAD' });
  return answer.headers.get('docker-content-digest');
}

/** The digest that a layout names first. */
function inLayout(folder: string): string {
  const index = JSON.parse(readFileSync(join(project.folder, folder, 'index.json'), 'utf8'));
  return index.manifests[0].digest;
}

describe('is pulled', () => {
  test.skipIf(!hasProgram('skopeo'))('by skopeo (needs skopeo)', () => {
    run(
      'skopeo',
      'copy',
      '-q',
      '--all',
      '--src-tls-verify=false',
      `docker://${reference()}`,
      'oci:by-skopeo',
    );
    expect(inLayout('by-skopeo')).toBe(digests.index);
    expect(run('skopeo', 'list-tags', '--tls-verify=false', `docker://${reference('acme/app')}`)).toContain(
      '"1.0"',
    );
  });

  test.skipIf(!hasProgram('crane'))('by crane (needs crane)', () => {
    expect(run('crane', 'digest', reference()).trim()).toBe(digests.index);
    run('crane', 'pull', '--format=oci', reference(), 'by-crane');
    expect(inLayout('by-crane')).toBe(digests.index);
    expect(run('crane', 'catalog', server.host).split('\n')).toContain('acme/app');
  });

  test.skipIf(!hasProgram('podman') || !isRoot)('by podman (needs podman, root)', { timeout: slow }, () => {
    const podman = preparePodman(join(project.folder, 'podman'));
    checked(podman.run('pull', '-q', '--tls-verify=false', reference()));
    const digest = checked(podman.run('image', 'inspect', '--format', '{{.Digest}}', reference())).trim();
    expect([digests.amd64, digests.index]).toContain(digest);
    checked(podman.run('rmi', '-f', reference()));
  });

  test.skipIf(!hasProgram('dockerd') || !isRoot)(
    'by docker (needs dockerd, root)',
    { timeout: slow },
    async () => {
      const docker = await startDocker();
      try {
        checked(docker.run('pull', '-q', reference()));
        const names = checked(
          docker.run('image', 'inspect', '--format', '{{json .RepoDigests}}', reference()),
        );
        expect(JSON.parse(names)).toEqual([`${reference('acme/app')}@${digests.index}`]);
      } finally {
        await docker.stop();
      }
    },
  );
});

describe('takes what is pushed', () => {
  test.skipIf(!hasProgram('skopeo'))('by skopeo (needs skopeo)', async () => {
    const target = `docker://${reference('by/skopeo:1')}`;
    run('skopeo', 'copy', '-q', '--all', '--preserve-digests', '--dest-tls-verify=false', 'oci:out', target);
    expect(await served('by/skopeo:1')).toBe(digests.index);
  });

  test.skipIf(!hasProgram('crane'))('by crane (needs crane)', async () => {
    run('crane', 'copy', reference(), reference('by/crane:1'));
    expect(await served('by/crane:1')).toBe(digests.index);
    run('crane', 'validate', '--remote', reference('by/crane:1'));
    // What `crane push --index` pushes is the layout's index.json itself, and below it what it names.
    const pushed = run('crane', 'push', '--index', 'by-crane', reference('by/crane-push:1')).trim();
    expect(pushed.endsWith(`@${(await served('by/crane-push:1')) ?? ''}`)).toBe(true);
  });
});

describe.skipIf(!hasProgram('containerd') || !isRoot)('with containerd (needs containerd, root)', () => {
  let containerd: Engine;
  beforeAll(async () => {
    containerd = await startContainerd();
  }, slow);
  afterAll(() => containerd.stop());

  test('it is pulled and pushed again', { timeout: slow }, async () => {
    const { run: ctr } = containerd;
    checked(ctr('images', 'pull', '--plain-http', '--all-platforms', reference()));
    expect(checked(ctr('images', 'ls'))).toContain(digests.index);
    checked(ctr('images', 'push', '--plain-http', reference('by/containerd:1'), reference()));
    expect(await served('by/containerd:1')).toBe(digests.index);
  });
});

test('what was pushed is there after a restart, and in the folder for every tool that reads layouts', async () => {
  const before = await server.stop();
  expect(before).toEqual({ code: 143, stdout: server.url });
  server = await startServeCommand(['-v', 'registry'], project.options);
  expect(await served('acme/app:1.0')).toBe(digests.index);
  if (hasProgram('skopeo')) expect(await served('by/skopeo:1')).toBe(digests.index);
  expect(project.succeed('inspect', '--raw', 'oci:registry:localhost/acme/app:1.0')).toBe(
    project.succeed('inspect', '--raw', 'oci:out'),
  );
});
