/** What `watch --serve` says can be pulled: podman does, and again after a rebuild, of which it moves what is new. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Podman, preparePodman } from '../rigs/podman.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { hasProgram, isRoot } from '../rigs/runtimes.ts';
import { startWatchCommand, type WatchCommand } from '../rigs/watch-command.ts';

const recipe = `image: example.com/acme/app:1.0
layers:
  - copy: dependencies
  - copy: dist
cmd: [/dist/server]
`;

let project: Project;
let watch: WatchCommand;
beforeEach(() => {
  project = makeProject(recipe, { 'dependencies/large': 'x'.repeat(300_000), 'dist/server': 'one' });
  watch = startWatchCommand(['--serve'], project.options);
});
afterEach(async () => {
  await watch.stop('SIGKILL');
  project.remove();
});

interface Pull {
  /** What was asked of the server: the config, and the layers that podman had not. */
  readonly blobs: readonly string[];
  /** Of the image that podman has now. */
  readonly digest: string;
}

function pull(podman: Podman, reference: string): Pull {
  const pulled = podman.run('pull', '--log-level=debug', '--tls-verify=false', reference);
  expect(pulled).toMatchObject({ status: 0 });
  const asked = pulled.stderr.matchAll(/GET http:\S+\/blobs\/(sha256:[0-9a-f]{64})/g);
  const inspected = podman.run('image', 'inspect', '--format', '{{.Digest}}', reference);
  return { blobs: [...asked].map(([, digest = '']) => digest), digest: inspected.stdout.trim() };
}

describe.skipIf(!hasProgram('podman') || !isRoot)('podman (needs podman, root)', () => {
  test('pulls the reference that is printed, and after a rebuild only the layer that changed', async () => {
    const podman = preparePodman(join(project.folder, '../podman'));
    const reference = (await watch.said(/^serving /)).slice('serving '.length);
    const first = pull(podman, reference);
    expect(await watch.result()).toContain(first.digest);
    project.write('dist/server', 'two');
    const result = await watch.result();
    const second = pull(podman, reference);
    expect(result).toContain(second.digest);
    expect(first.blobs).toHaveLength(3);
    expect(second.blobs).toHaveLength(2);
    expect(first.blobs).not.toContain(second.blobs[0]);
    expect(first.blobs).not.toContain(second.blobs[1]);
    podman.run('rmi', '-f', reference);
  });
});
