/** Builds at once on one store, and builds with one job: the same digest whatever the order of work. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { builtCommand, succeed } from '../rigs/command.ts';
import { makeProject, type Project } from '../rigs/project.ts';

const layers = Array.from({ length: 12 }, (_one, at) => `  - { copy: part-${String(at)} }\n`).join('');
const recipe = `platforms: [linux/amd64, linux/arm64]\nlayers:\n${layers}`;

let project: Project;
function start(): void {
  const parts = Array.from({ length: 12 }, (_one, at) => [
    `part-${String(at)}/file`,
    String(at).repeat(50_000),
  ]);
  project = makeProject(recipe, Object.fromEntries(parts) as Record<string, string>);
}
afterEach(() => {
  project.remove();
});

interface Ending {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A build that runs beside others, in the project's own store. */
function buildBeside(...args: readonly string[]): Promise<Ending> {
  const child = spawn(process.execPath, [builtCommand, 'build', ...args], {
    cwd: project.folder,
    env: { PATH: process.env['PATH'], HOME: '/', LAYERWRIGHT_CACHE_DIR: project.options.cache },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  return new Promise((settle) => {
    child.once('close', (status) => {
      settle({ status, stdout, stderr });
    });
  });
}

describe('builds', () => {
  test('with one job and with eight make the same image', () => {
    start();
    const one = project.succeed('build', '-q', '--jobs', '1');
    const cache = join(project.options.cache, 'other');
    expect(succeed(['build', '-q', '--jobs', '8'], { ...project.options, cache })).toBe(one);
  });

  test('eight at once on one store end with one digest, each with an output of its own', async () => {
    start();
    const endings = await Promise.all(
      Array.from({ length: 8 }, (_one, at) => buildBeside('-q', '-o', `oci:out-${String(at)}`)),
    );
    expect(endings.map(({ status, stderr }) => [status, stderr])).toEqual(Array(8).fill([0, '']));
    expect(new Set(endings.map(({ stdout }) => stdout)).size).toBe(1);
    const digest = endings[0]?.stdout.trim() ?? '';
    for (let at = 0; at < 8; at += 1)
      expect(project.succeed('inspect', `oci:out-${String(at)}`)).toContain(digest);
    expect(project.run('cache', 'verify').status).toBe(0);
    expect(project.run('build').stderr).toContain('nothing to do');
  });

  test('with one job run one action after the other', () => {
    start();
    const { stderr } = project.run('build', '--jobs', '1', '--progress', 'json');
    const types = stderr
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type)
      .filter((type) => type === 'action-started' || type === 'action-finished');
    expect(types).toEqual(
      Array(types.length / 2)
        .fill(['action-started', 'action-finished'])
        .flat(),
    );
  });
});
