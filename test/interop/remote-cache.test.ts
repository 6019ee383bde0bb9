/**
 * `--cache-to` and `--cache-from` against docker-registry: a second machine makes only what changed, and nothing that
 * the cache says changes a byte of an image.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from 'vitest';
import { type DockerRegistry, startDockerRegistry } from '../rigs/docker-registry.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { requestsOf } from '../rigs/registry-requests.ts';
import { hasProgram } from '../rigs/runtimes.ts';
import { runCommand } from '../rigs/command.ts';

const slow = 120_000;
const recipe = `
layers:
  - copy: lib
    to: /app/lib
  - copy: dist
    to: /app/dist
  - name: settings
    file: /etc/api.conf
    content: "port=8080"
`;

describe.skipIf(!(hasProgram('docker-registry') && hasProgram('skopeo')))(
  'a remote cache (needs docker-registry and skopeo)',
  () => {
    let registry: DockerRegistry;
    let project: Project;
    let repository: string;
    let count = 0;

    beforeAll(async () => {
      registry = await startDockerRegistry();
    }, slow);
    afterAll(() => registry.stop());
    beforeEach(() => {
      repository = `${registry.host}/team/cache-${(count += 1)}`;
      project = makeProject(recipe, {
        'lib/a.js': 'a'.repeat(100_000),
        'lib/b.js': 'b',
        'dist/server': 'one',
      });
    });
    afterEach(() => {
      project.remove();
    });

    let machines = 0;
    /** A build of the same sources with a store of its own, empty at first. */
    const onMachine = (name: string, ...args: readonly string[]) => {
      const options = { ...project.options, cache: join(project.options.cache, '..', name) };
      const run = runCommand(['build', '--progress', 'json', ...args], options);
      const events = run.stderr
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      const finished = events.filter(({ type, kind }) => type === 'action-finished' && kind === 'layer');
      const outcomes = Object.fromEntries(
        finished.map(({ label, outcome, from }) => [label, from ?? outcome]),
      );
      return { ...run, events, outcomes };
    };
    const freshMachine = (...args: readonly string[]) => onMachine(`fresh-${(machines += 1)}`, ...args);

    test('gives a second machine every layer, and the same image', { timeout: slow }, () => {
      const first = onMachine('first', '--cache-to', repository);
      expect(first.status).toBe(0);
      const second = freshMachine('--cache-from', repository);
      expect(second.stdout).toBe(first.stdout);
      expect(second.outcomes).toEqual({
        'copy lib': repository,
        'copy dist': repository,
        settings: repository,
      });
    });

    test('leaves a second machine what changed, and no more', { timeout: slow }, () => {
      onMachine('first', '--cache-to', repository);
      project.write('dist/server', 'two');
      const second = freshMachine('--cache-from', repository);
      expect(second.outcomes).toEqual({ 'copy lib': repository, 'copy dist': 'built', settings: repository });
      expect(second.stdout).toBe(freshMachine().stdout);
    });

    test('is written once: what it has is not sent again', { timeout: slow }, () => {
      onMachine('first', '--cache-to', repository);
      const requests = requestsOf(registry, () => onMachine('first', '--cache-to', repository));
      expect(requests.filter((request) => !/^(HEAD|GET) /.test(request))).toEqual([]);
      const sent = onMachine('first', '--cache-to', repository).events.filter(
        ({ type }) => type === 'delivery-finished',
      );
      expect(sent).toMatchObject([{ destination: repository, moved: 0, present: 3, bytes: 0 }]);
    });

    test('is asked for nothing that is here, nor for what --no-cache names', { timeout: slow }, () => {
      onMachine('first', '--cache-to', repository);
      const known = requestsOf(registry, () => onMachine('first', '--cache-from', repository));
      expect(known).toEqual([]);
      const { outcomes } = freshMachine('--cache-from', repository, '--no-cache=settings');
      expect(outcomes).toEqual({ 'copy lib': repository, 'copy dist': repository, settings: 'built' });
    });

    test('that cannot be written fails the build at its end, with the image made', { timeout: slow }, () => {
      const { status, stdout, stderr } = onMachine('first', '--cache-to', '127.0.0.1:1/team/cache');
      expect(stdout).toBe(freshMachine().stdout);
      expect(status).toBe(5);
      expect(stderr).toMatch(/"code":"registry\/unreachable"/);
    });

    test('that cannot be read is a warning', { timeout: slow }, () => {
      const { status, stdout, stderr } = onMachine('first', '--cache-from', '127.0.0.1:1/team/cache');
      expect(status).toBe(0);
      expect(stdout).toBe(freshMachine().stdout);
      expect(stderr.match(/"code":"cache\/unavailable"/g)).toHaveLength(1);
    });

    test('is a repository, without a tag', { timeout: slow }, () => {
      const { status, stderr } = onMachine('first', '--cache-from', `${repository}:latest`);
      expect(status).toBe(2);
      expect(stderr).toContain('--cache-from');
    });

    test('holds artifacts that skopeo reads', { timeout: slow }, () => {
      const { stdout } = onMachine('first', '--cache-to', repository);
      expect(stdout).toMatch(/^sha256:/);
      const listed = execFileSync('skopeo', ['list-tags', '--tls-verify=false', `docker://${repository}`], {
        encoding: 'utf8',
      });
      const { Tags: tags } = JSON.parse(listed) as { readonly Tags: readonly string[] };
      expect(tags).toHaveLength(3);
      for (const tag of tags) {
        expect(tag).toMatch(/^layerwright-[0-9a-f]{64}$/);
        const raw = execFileSync('skopeo', [
          'inspect',
          '--raw',
          '--tls-verify=false',
          `docker://${repository}:${tag}`,
        ]);
        expect(JSON.parse(raw.toString())).toMatchObject({
          artifactType: 'application/vnd.layerwright.cache.v1+json',
          annotations: { 'dev.layerwright.cache.key': tag.replace('layerwright-', 'sha256:') },
        });
      }
    });
  },
);
