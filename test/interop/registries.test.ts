/**
 * Images in docker-registry 2.8.2, open, behind passwords and TLS, and with a token server: everything that our commands
 * do to one, and skopeo, podman and buildah on the other side, with digests unchanged.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasProgram } from '../rigs/docker-registry.ts';
import {
  type Guard,
  type GuardedRegistry,
  guardNeeds,
  guards,
  startGuardedRegistry,
} from '../rigs/registry-guards.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { runBuilt, runProgram } from '../rigs/run-program.ts';
import { isRoot } from '../rigs/runtimes.ts';
import { writeArtifact } from '../rigs/artifact-layout.ts';
import { preparePodman } from '../rigs/podman.ts';

const recipe = `
image: registry.example/team/app
layers:
  - copy: dist
  - file: /etc/arch
    content: \${{ platform.arch }}
cmd: [/server]
images:
  app: { tags: ["1"], platforms: [linux/amd64, linux/arm64], outputs: ["oci:out"] }
  old: { tags: [old], format: docker, outputs: ["oci:old"] }
`;

const canRun = isRoot && hasProgram(...`${guardNeeds}, skopeo, podman, buildah`.split(', '));

describe.skipIf(!canRun).each(guards)(
  `a docker-registry with %s (needs root, ${guardNeeds}, skopeo, podman, buildah)`,
  (guard: Guard) => {
    let registry: GuardedRegistry;
    let project: Project;
    let digests: { readonly app: string; readonly old: string };
    beforeAll(async () => {
      registry = await startGuardedRegistry(guard);
      project = makeProject(recipe, { 'dist/server': 'one'.repeat(10_000) });
      const [app = '', old = ''] = project.succeed('build', '-q').match(/sha256:\w{64}/g) ?? [];
      digests = { app, old };
      // The engines' configuration, and storage that nobody else has.
      preparePodman(engines());
    });
    afterAll(async () => {
      project.remove();
      await registry.stop();
    });

    const engines = () => join(project.folder, '../engines');
    const named = (name: string) => `${registry.host}/team/${name}`;
    const digestIn = (text: string) => /sha256:\w{64}/.exec(text)?.[0];

    /** Our command with a store of this name. */
    const run = (store: string, ...args: readonly string[]) =>
      runBuilt([...args, ...registry.flags, '-q'], {
        cwd: project.folder,
        cache: join(project.folder, '..', store),
        env: registry.env,
      });
    const succeed = async (...args: readonly string[]) => done(await run('cache', ...args), args);
    const tool = async (program: string, ...args: readonly string[]) => {
      const env = { ...registry.env, CONTAINERS_CONF: join(engines(), 'containers.conf') };
      return done(await runProgram(program, args, { cwd: project.folder, env }), [program, ...args]);
    };
    const storage = () => ['--root', join(engines(), 'root'), '--runroot', join(engines(), 'run')];
    const tls = (prefix = '') => `--${prefix}tls-verify=${registry.verify}`;
    /** The digest that skopeo finds. */
    const asked = async (name: string) =>
      digestIn(await tool('skopeo', 'inspect', tls(), '--format', '{{.Digest}}', `docker://${name}`));
    /** `METHOD path status` of each request that `act` makes, but for challenges. */
    const requestsOf = async (act: () => Promise<unknown>) => {
      const before = registry.accessLog().length;
      await act();
      const lines = registry.accessLog().slice(before);
      const requests = [...lines.matchAll(/"(\w+) (\S+) HTTP[^"]*" (\d+)/g)];
      return requests.filter(([, , , status]) => status !== '401').map(([, ...parts]) => parts.join(' '));
    };

    test('is pushed to, and a repeated push uploads nothing', async () => {
      expect(await succeed('push', 'oci:out', `${named('app')}:1`)).toBe(
        `${named('app')}:1@${digests.app}\n`,
      );
      expect(await asked(`${named('app')}:1`)).toBe(digests.app);
      const again = await requestsOf(() => succeed('push', 'oci:out', `${named('app')}:1`));
      expect(again.length).toBeGreaterThan(5);
      expect(again.filter((request) => !/^(HEAD|GET) \S+ 200$/.test(request))).toEqual([]);
    });

    test('is pulled from by a computer that has nothing', async () => {
      const pulled = done(await run('other', 'pull', `${named('app')}:1`), []);
      expect(pulled).toBe(`${named('app')}:1@${digests.app}\n`);
      done(await run('other', 'copy', `store:${digests.app}`, 'oci:pulled'), []);
      expect(digestIn(await succeed('inspect', 'oci:pulled'))).toBe(digests.app);
      const arm64 = digestIn(await succeed('inspect', '--platform', 'linux/arm64', 'oci:out')) ?? '';
      expect(await succeed('pull', '--platform', 'linux/arm64', `${named('app')}:1`)).toContain(arm64);
    });

    test('is mounted in from another repository, and nothing of a layer comes down or goes up', async () => {
      const requests = await requestsOf(async () =>
        done(await run('third', 'copy', `${named('app')}:1`, `${named('mounted')}:1`), []),
      );
      expect(await asked(`${named('mounted')}:1`)).toBe(digests.app);
      expect(requests.filter((request) => /^POST \S+[?&]mount=\S+ 201$/.test(request))).toHaveLength(5);
      expect(requests.filter((request) => /^(GET|PUT|PATCH) \S+\/blobs\//.test(request))).toEqual([]);
    });

    test('lists its tags, which are copied all at once', async () => {
      for (const tag of ['2', 'latest']) await succeed('push', 'oci:out', `${named('app')}:${tag}`);
      await succeed('push', 'oci:old', `${named('app')}:old`);
      const tags = ['1', '2', 'latest', 'old'];
      expect((await succeed('tags', named('app'))).split('\n').sort()).toEqual(['', ...tags]);
      const moved = await succeed('copy', '--all-tags', named('app'), named('mirror'));
      expect(moved.split('\n').sort()).toEqual([
        '',
        ...tags.map((tag) => `${named('mirror')}:${tag}@${tag === 'old' ? digests.old : digests.app}`),
      ]);
      expect(JSON.parse(await succeed('tags', '--json', named('mirror')))).toMatchObject({
        repository: named('mirror'),
        tags: expect.arrayContaining(tags),
      });
      await succeed('copy', '--all-tags', named('mirror'), 'oci:mirror');
      expect(digestIn(await succeed('inspect', 'oci:mirror:old'))).toBe(digests.old);
    });

    test('deletes a manifest with its tags, and says so where it deletes no tag alone', async () => {
      await succeed('push', 'oci:old', `${named('gone')}:1`);
      const refused = await run('cache', 'delete', `${named('gone')}:1`);
      expect([refused.status, refused.stdout]).toEqual([5, '']);
      expect(refused.stderr).toContain(`layerwright delete ${named('gone')}@${digests.old}`);
      expect(await asked(`${named('gone')}:1`)).toBe(digests.old);
      const reference = `${named('gone')}@${digests.old}`;
      expect(await succeed('delete', reference)).toBe(`${reference}\n`);
      const inspected = await run('cache', 'inspect', `${named('gone')}:1`);
      expect([inspected.status, inspected.stderr]).toEqual([
        5,
        expect.stringContaining('registry/not-found'),
      ]);
    });

    test('lists an artifact that refers to an image, under the fallback tag', async () => {
      await succeed('push', 'oci:out', `${named('signed')}:1`);
      const note = writeArtifact(join(project.folder, 'note'), {
        mediaType: 'application/vnd.oci.image.index.v1+json',
        digest: digests.app,
        size: 1,
      });
      await succeed('push', 'oci:note', `${named('signed')}:note`);
      expect(await succeed('inspect', '--referrers', `${named('signed')}:1`)).toMatch(
        new RegExp(`^referrer {4}${note} .* application/vnd\\.example\\.note$`, 'm'),
      );
      const raw = await tool('skopeo', 'inspect', '--raw', tls(), `docker://${named('signed')}:note`);
      expect(`sha256:${createHash('sha256').update(raw).digest('hex')}`).toBe(note);
      expect(await succeed('tags', named('signed'))).toContain(digests.app.replace(':', '-'));
      expect(await succeed('copy', `${named('signed')}:note`, 'oci:note-back')).toContain(note);
      expect(await succeed('inspect', 'oci:note-back')).toContain(`subject     ${digests.app}\n`);
    });

    test('gives skopeo, podman and buildah what we pushed', async () => {
      await succeed('push', 'oci:out', `${named('ours')}:1`);
      await succeed('push', 'oci:old', `${named('ours')}:old`);
      await tool('skopeo', 'copy', '--all', tls('src-'), `docker://${named('ours')}:1`, 'oci:by-skopeo:1');
      expect(digestIn(await succeed('inspect', 'oci:by-skopeo'))).toBe(digests.app);
      for (const [tag, digest] of Object.entries({ '1': digests.app, old: digests.old })) {
        await tool('podman', ...storage(), 'pull', '-q', tls(), `${named('ours')}@${digest}`);
        const format = '{{range .RepoDigests}}{{.}} {{end}}';
        const listed = ['image', 'inspect', '--format', format, `${named('ours')}@${digest}`];
        expect(await tool('podman', ...storage(), ...listed)).toContain(digest);
        await tool('buildah', ...storage(), 'pull', '-q', tls(), `${named('ours')}:${tag}`);
      }
    });

    test('gives us what skopeo, podman and buildah pushed', async () => {
      await tool('skopeo', 'copy', '--all', tls('dest-'), 'oci:out', `docker://${named('skopeo')}:1`);
      const v2s2 = ['--format', 'v2s2', tls('dest-'), 'oci:out', `docker://${named('skopeo')}:v2s2`];
      await tool('skopeo', 'copy', ...v2s2);
      await succeed('copy', '--platform', 'linux/amd64', 'oci:out', 'docker-archive:app.tar:localhost/app:1');
      await tool('podman', ...storage(), 'load', '-q', '-i', 'app.tar');
      await tool('podman', ...storage(), 'push', '-q', tls(), 'localhost/app:1', `${named('podman')}:1`);
      await tool(
        'buildah',
        ...storage(),
        'push',
        '-q',
        tls(),
        'localhost/app:1',
        `docker://${named('buildah')}:1`,
      );
      for (const name of ['skopeo:1', 'skopeo:v2s2', 'podman:1', 'buildah:1']) {
        const layout = `oci:from-${name.replace(':', '-')}`;
        const copied = await succeed('copy', named(name), layout);
        expect(copied).toBe(`${layout}@${(await asked(named(name))) ?? 'none'}\n`);
        expect(await succeed('ls', '--platform', 'linux/amd64', layout)).toContain(' 30000 /server\n');
      }
      expect(await asked(`${named('skopeo')}:1`)).toBe(digests.app);
    });

    test('turns away who has no right, where it has a guard, and says what was tried', async () => {
      const nobody = join(project.folder, 'nobody.json');
      project.write('nobody.json', '{"auths":{}}');
      const { stderr, status } = await runBuilt(
        ['push', 'oci:out', `${named('app')}:3`, ...registry.flags, '-q'],
        { ...project.options, env: { ...registry.env, REGISTRY_AUTH_FILE: nobody } },
      );
      if (guard === 'no guard') expect(status).toBe(0);
      else expect([status, stderr]).toEqual([6, expect.stringContaining('error[registry/unauthorised]')]);
    });
  },
  120_000,
);

function done(
  run: { readonly status: number; readonly stdout: string; readonly stderr: string },
  args: readonly string[],
): string {
  if (run.status !== 0) throw new Error(`${args.join(' ')} ended with ${String(run.status)}:\n${run.stderr}`);
  return run.stdout;
}
