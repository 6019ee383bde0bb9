/** The worked example of docs/from-dockerfile.md: its Dockerfile and its recipe make the same files and configuration. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DockerHub, serveAsDockerHub } from '../rigs/docker-hub.ts';
import { readDocument, sectionBlocks } from '../rigs/documents.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { hasProgram, isRoot } from '../rigs/runtimes.ts';
import { type ScratchFolder, scratchFolder } from '../rigs/scratch-folder.ts';
import { runCommand } from '../rigs/command.ts';

const canRun = isRoot && hasProgram('buildah');

/** Stands for the base: what matters of it is a PATH and a folder or two. */
const base = `image: docker.io/library/node
tags: [22-slim]
layers:
  - { file: /etc/passwd, content: "root:x:0:0:root:/root:/bin/sh\\n" }
  - { dir: /var/lib }
  - { dir: /tmp, mode: '1777' }
env: { PATH: '/usr/local/bin:/usr/bin:/bin' }
`;

const sources = {
  'package.json': '{"name":"api","version":"1.0.0"}\n',
  'dist/server.js': "console.log('api');\n",
  'dist/routes/users.js': 'exports.users = [];\n',
  'bin/migrate': '#!/bin/sh\nexit 0\n',
  'data/seed.json': '[]\n',
  'assets/logo.svg': '<svg/>\n',
};

describe.skipIf(!canRun)('a Dockerfile and its recipe (needs root and buildah)', () => {
  let hub: DockerHub;
  let baseProject: Project;
  let project: Project;
  let theirs: ScratchFolder;

  beforeAll(async () => {
    baseProject = makeProject(base);
    baseProject.succeed('build', '-o', 'oci:layout');
    hub = await serveAsDockerHub(join(baseProject.folder, 'layout'));
    const blocks = sectionBlocks(await readDocument('docs/from-dockerfile.md'), 'A worked example');
    const textOf = (language: string): string =>
      blocks.find((block) => block.language === language)?.text ?? '';
    project = makeProject(textOf('yaml'), { ...sources, Dockerfile: textOf('dockerfile') });
    prepareSources(project.folder);
    theirs = scratchFolder('buildah');
    buildWithBuildah(project.folder, theirs.path, hub);
    ours('build', '-o', 'oci:out/ours');
  }, 300_000);
  afterAll(async () => {
    project.remove();
    baseProject.remove();
    theirs.remove();
    await hub.close();
    hub.remove();
  });

  function ours(...args: readonly string[]): string {
    const { status, stdout, stderr } = runCommand(args, { ...project.options, env: hub.env });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  }

  const places = (): readonly [string, string] => ['oci:out/ours', `oci:${join(theirs.path, 'layout')}`];

  test('have the same files, but for their times', () => {
    const [mine, other] = places().map((place) => filesOf(ours('ls', '--json', place)));
    expect(mine?.get('var/lib/api/seed.json')).toMatchObject({ uid: 10001, gid: 10001, mode: 0o644 });
    expect(mine?.size).toBeGreaterThan(15);
    expect(differences(mine ?? new Map(), other ?? new Map())).toEqual([]);
  });

  test("have the same configuration, but for buildah's own label and the order of variables", () => {
    const [mine, other] = places().map((place) => configOf(ours('inspect', '--json', place)));
    expect(mine).toMatchObject({ User: '10001:10001', Cmd: ['dist/server.js'], WorkingDir: '/app' });
    expect(mine).toEqual(other);
  });
});

/** As a clone under the usual umask has them. */
function prepareSources(folder: string): void {
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', folder]);
  chmodSync(join(folder, 'bin/migrate'), 0o755);
  const options = [
    '--sort=name',
    '--owner=0',
    '--group=0',
    '--mode=u=rwX,go=rX',
    '-C',
    join(folder, 'assets'),
  ];
  execFileSync('tar', ['-czf', join(folder, 'assets.tar.gz'), ...options, 'logo.svg']);
}

/** Leaves a layout in `folder`. buildah refuses a run root of more than 50 characters. */
function buildWithBuildah(context: string, folder: string, { env }: DockerHub): void {
  const runRoot = mkdtempSync(join(tmpdir(), 'lw-'));
  mkdirSync(join(folder, 'root'));
  const storage = `--storage-driver vfs --root ${join(folder, 'root')} --runroot ${runRoot}`;
  const script = `buildah ${storage} bud -q --isolation chroot -t api ${context} &&
    buildah ${storage} push -q api oci:${join(folder, 'layout')}:api`;
  const { status, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', script], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  execFileSync('rm', ['-rf', runRoot]);
  if (status !== 0) throw new Error(stderr);
}

type Entry = Readonly<Record<string, unknown>> & { readonly path: string };

function filesOf(json: string): ReadonlyMap<string, Entry> {
  const [image] = JSON.parse(json) as [{ entries: Entry[] }];
  return new Map(image.entries.map(({ mtime: _, ...entry }) => [entry.path, entry]));
}

function differences(
  mine: ReadonlyMap<string, Entry>,
  other: ReadonlyMap<string, Entry>,
): readonly unknown[] {
  const paths = new Set([...mine.keys(), ...other.keys()]);
  const text = (entry: Entry | undefined): string => JSON.stringify(entry, Object.keys(entry ?? {}).sort());
  return [...paths].flatMap((path) => {
    const [a, b] = [mine.get(path), other.get(path)];
    return text(a) === text(b) ? [] : [{ ours: a, theirs: b }];
  });
}

function configOf(json: string): Readonly<Record<string, unknown>> {
  const { config } = JSON.parse(json) as { config: { config: Record<string, unknown> } };
  const { Labels: { 'io.buildah.version': _, ...labels } = {}, ...rest } = config.config as {
    readonly Labels?: Readonly<Record<string, string>>;
    readonly Env: readonly string[];
  };
  return { ...rest, Env: rest.Env.toSorted(), Labels: labels };
}
