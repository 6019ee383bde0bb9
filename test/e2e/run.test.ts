/** `bundle` and `run`: the container's own output, arguments, status and signals. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { busyboxEntries, hasBusybox } from '../rigs/busybox-image.ts';
import { builtCommand } from '../rigs/command.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { rawTar } from '../rigs/raw-tar.ts';
import { hasProgram, isRoot } from '../rigs/runtimes.ts';

const recipe = `
platforms: [linux/amd64]
outputs: ["oci:out"]
layers: [{ archive: root.tar }]
env: { PATH: /bin, GREETING: hello }
entrypoint: [sh, -c]
cmd: [echo $GREETING]
runtime: { hostname: box, readonly: true }
`;

let project: Project;
const canBuild = hasBusybox && process.arch === 'x64';
const canRun = canBuild && isRoot && hasProgram('runc');

beforeAll(() => {
  if (!canBuild) return;
  project = makeProject(recipe);
  project.write('root.tar', rawTar(busyboxEntries()));
  project.succeed('build', '-q');
});
afterAll(() => {
  if (canBuild) project.remove();
});

describe.skipIf(!canBuild)('bundle (needs busybox-static for amd64)', () => {
  test('writes a bundle and prints where and of what', () => {
    expect(project.succeed('bundle', '-q', 'oci:out', 'b1')).toMatch(/^bundle:b1@sha256:[0-9a-f]{64}\n$/);
    expect(
      readdirSync(join(project.folder, 'b1'))
        .filter((name) => !name.startsWith('.'))
        .sort(),
    ).toEqual(['config.json', 'rootfs']);
    const config: unknown = JSON.parse(readFileSync(join(project.folder, 'b1/config.json'), 'utf8'));
    expect(config).toMatchObject({ process: { args: ['sh', '-c', 'echo $GREETING'] } });
  });

  test('takes `runtime:` from the recipe that -f names, and from none else', () => {
    const configOf = (folder: string): unknown =>
      JSON.parse(readFileSync(join(project.folder, folder, 'config.json'), 'utf8'));
    project.succeed('bundle', '-q', '-f', 'oci.config.yaml', 'oci:out', 'b2');
    expect(configOf('b2')).toMatchObject({ hostname: 'box', root: { readonly: true } });
    project.succeed('bundle', '-q', 'oci:out', 'b3');
    expect(configOf('b3')).not.toMatchObject({ hostname: 'box' });
  });

  test('replaces a bundle of ours, and touches no folder of others', () => {
    project.succeed('bundle', '-q', 'oci:out', 'b4');
    project.succeed('bundle', '-q', 'oci:out', 'b4');
    mkdirSync(join(project.folder, 'theirs'));
    writeFileSync(join(project.folder, 'theirs/file'), 'x');
    const { status, stderr } = project.run('bundle', '-q', 'oci:out', 'theirs');
    expect(status).toBe(7);
    expect(stderr).toMatch(/^error\[bundle\//);
    expect(readdirSync(join(project.folder, 'theirs'))).toEqual(['file']);
  });

  test('starts at the folder of -C, as every path does', () => {
    project.succeed('-C', 'b1', 'bundle', '-q', 'oci:../out', '../b5');
    expect(existsSync(join(project.folder, 'b5/config.json'))).toBe(true);
  });
});

describe.skipIf(!canRun)('run (needs root, runc and busybox-static)', () => {
  const leftovers = (): string[] => readdirSync('/tmp').filter((name) => name.startsWith('layerwright-run-'));

  test('hands the container’s own output through', () => {
    expect(project.succeed('run', 'oci:out')).toBe('hello\n');
  });

  test('ends with the container’s own status', () => {
    expect(project.run('run', 'oci:out', '--', 'exit 42').status).toBe(42);
  });

  test('gives what stands after -- to the entrypoint in place of cmd', () => {
    expect(project.succeed('run', 'oci:out', '--', 'echo "$0" "$1"', '--help', 'a b')).toBe('--help a b\n');
  });

  test('runs a bundle as it is, which takes no arguments', () => {
    project.succeed('bundle', '-q', '-f', 'oci.config.yaml', 'oci:out', 'b6');
    expect(project.succeed('run', 'bundle:b6')).toBe('hello\n');
    expect(project.run('run', 'bundle:b6', '--', 'true')).toMatchObject({ status: 2, stdout: '' });
    expect(project.run('run', 'bundle:nowhere').status).toBe(2);
  });

  test('gives the container this process’s standard input', () => {
    const { stdout } = project.pipe('typed\n', 'run', 'oci:out', '--', 'cat');
    expect(stdout).toBe('typed\n');
  });

  test('has no network unless it is asked for', () => {
    expect(project.succeed('run', 'oci:out', '--', 'ls /sys/class/net')).toBe('lo\n');
  });

  test('says which runtime is missing', () => {
    const { status, stderr } = project.run('run', '--runtime', '/no/such/runtime', 'oci:out');
    expect(stderr).toContain('error[bundle/');
    expect(status).toBeGreaterThan(0);
  });

  test('hands a signal to the container, which may end as it likes', async () => {
    const before = leftovers();
    const script = 'trap "echo caught; exit 7" TERM; echo ready; while true; do sleep 0.1; done';
    const child = spawn(process.execPath, [builtCommand, 'run', 'oci:out', '--', script], {
      cwd: project.folder,
      env: { PATH: process.env['PATH'], HOME: '/', LAYERWRIGHT_CACHE_DIR: project.options.cache },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text === 'ready\n') child.kill('SIGTERM');
    });
    const status = await new Promise((settle) => child.once('close', settle));
    expect([status, text]).toEqual([7, 'ready\ncaught\n']);
    expect(leftovers()).toEqual(before);
  });
});
