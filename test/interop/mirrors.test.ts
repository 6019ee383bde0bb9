/** registries.conf as the built command and skopeo read it: the same file leads both to the same place. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DockerRegistry, hasProgram, startDockerRegistry } from '../rigs/docker-registry.ts';
import { runCommand } from '../rigs/command.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { requestsOf } from '../rigs/registry-requests.ts';

const missing = !hasProgram('docker-registry', 'skopeo');

describe.skipIf(missing)(
  'an image that registries.conf leads elsewhere (needs docker-registry and skopeo)',
  () => {
    let mirror: DockerRegistry;
    let project: Project;
    /** What was pushed as `team/app:1` to the mirror. */
    let digest: string;

    beforeAll(async () => {
      mirror = await startDockerRegistry();
      project = makeProject('layers:\n  - file: /etc/hello\n    content: hello\n');
      const built = project.succeed('build', '--push', '-t', `${mirror.host}/cache/team/app:1`);
      digest = /sha256:[0-9a-f]{64}/.exec(built)?.[0] ?? '';
    });
    afterAll(async () => {
      project.remove();
      await mirror.stop();
    });

    /** What the command and skopeo say of this reference under this configuration. */
    function seenBy(text: string, reference: string): { readonly ours: string; readonly skopeos: string } {
      project.write('registries.conf', text);
      const conf = join(project.folder, 'registries.conf');
      const skopeo = `skopeo --registries-conf ${conf} inspect --raw docker://${reference} | sha256sum`;
      const { stdout } = spawnSync('sh', ['-c', skopeo], { encoding: 'utf8' });
      const env = { CONTAINERS_REGISTRIES_CONF: conf };
      const ours = runCommand(['inspect', reference, '--json'], { ...project.options, env });
      return { ours: `${ours.stdout}${ours.stderr}`, skopeos: `sha256:${stdout.slice(0, 64)}` };
    }

    test('is read from its mirror', () => {
      const text = `[[registry]]
prefix = "example.test"
location = "127.0.0.1:1"
insecure = true
[[registry.mirror]]
location = "${mirror.host}/cache"
insecure = true
`;
      const seen = seenBy(text, 'example.test/team/app:1');
      expect(seen.skopeos).toBe(digest);
      expect(seen.ours).toContain(digest);
    });

    test('is read from the location of its prefix', () => {
      const text = `[[registry]]\nprefix = "example.test/moved"\nlocation = "${mirror.host}/cache/team"\ninsecure = true\n`;
      const seen = seenBy(text, 'example.test/moved/app:1');
      expect(seen.skopeos).toBe(digest);
      expect(seen.ours).toContain(digest);
    });

    test('is refused where it is blocked, before anything is asked', () => {
      const text = `[[registry]]\nlocation = "${mirror.host}"\nblocked = true\n`;
      let seen = { ours: '', skopeos: '' };
      const asked = requestsOf(mirror, () => (seen = seenBy(text, `${mirror.host}/cache/team/app:1`)));
      expect(seen.ours).toContain('"code":"registry/blocked"');
      expect(asked).toEqual([]);
    });
  },
);
