/** `--load` into a real docker and a real podman: the image is there under its name, and has the config that was built. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { succeed } from '../rigs/command.ts';
import { type Engine, type EngineRun, startDocker } from '../rigs/engines.ts';
import { preparePodman } from '../rigs/podman.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { hasProgram, isRoot } from '../rigs/runtimes.ts';

const recipe = `
image: registry.example/acme/api:1.4.0
platforms: [linux/amd64, linux/arm64]
layers: [{ copy: dist }]
`;
const name = 'registry.example/acme/api:1.4.0';

/** Builds and loads, then copies and loads, and asks the engine for the digest of the config each time. */
function loadTwice(project: Project, env: Readonly<Record<string, string>>, run: Engine['run']): void {
  const options = { ...project.options, env };
  const digest = /sha256:\w{64}/.exec(succeed(['build', '--load', '-q', '-o', 'oci:out'], options))?.[0];
  expect(digest).toBeDefined();
  const inspected: unknown = JSON.parse(
    succeed(['inspect', '--json', '--platform', 'local', 'oci:out'], options),
  );
  const { manifest } = inspected as { readonly manifest: { readonly config: { readonly digest: string } } };
  const id = (): string => idOf(run('image', 'inspect', '--format', '{{.Id}}', name));
  expect(id()).toBe(manifest.config.digest);
  expect(run('rmi', name).status).toBe(0);
  const printed = succeed(['copy', '--load', '-q', 'oci:out'], options);
  expect(printed).toMatch(new RegExp(`^${name.replaceAll('.', '\\.')}@sha256:\\w{64}\n$`));
  expect(id()).toBe(manifest.config.digest);
}

/** podman leaves the algorithm out. */
function idOf({ status, stdout, stderr }: EngineRun): string {
  if (status !== 0) throw new Error(stderr);
  return `sha256:${stdout.trim().replace('sha256:', '')}`;
}

describe('loading', () => {
  let project: Project;
  beforeAll(() => {
    project = makeProject(recipe, { 'dist/server': 'one' });
  });
  afterAll(() => {
    project.remove();
  });

  test.skipIf(!isRoot || !hasProgram('podman'))(
    'into podman, where docker does not answer (needs root)',
    () => {
      const place = join(project.folder, '../podman');
      const podman = preparePodman(place);
      // As a user would set its storage, which podman reads from a file.
      const storage = join(place, 'storage.conf');
      const roots = `graphroot = "${place}/root"\nrunroot = "${place}/run"\n`;
      writeFileSync(storage, `[storage]\ndriver = "overlay"\n${roots}`);
      const env = {
        CONTAINERS_CONF: join(place, 'containers.conf'),
        CONTAINERS_STORAGE_CONF: storage,
        DOCKER_HOST: `unix://${place}/no-docker.sock`,
      };
      loadTwice(project, env, podman.run);
    },
  );

  describe.skipIf(!isRoot || !hasProgram('dockerd'))('into docker (needs root, dockerd)', () => {
    let docker: Engine;
    beforeAll(async () => {
      docker = await startDocker();
    });
    afterAll(async () => {
      await docker.stop();
    });

    test('whose daemon answers', () => {
      loadTwice(project, docker.env, docker.run);
    });
  });
});
