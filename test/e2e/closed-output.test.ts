/** Readers that go away, and streams that were never open: the command does its work and ends as it would have. */
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { builtCommand } from '../rigs/command.ts';
import { makeProject, type Project } from '../rigs/project.ts';

let project: Project;
beforeEach(() => {
  project = makeProject('layers: [{ copy: dist }]\n', { 'dist/server.js': 'serve()' });
});
afterEach(() => {
  project.remove();
});

/** What bash makes of `COMMAND PLUMBING`; the exit code is the command's own. */
function piped(args: readonly string[], plumbing: string): { status: number | null; stderr: string } {
  const { PATH = '', HOME = '/' } = process.env;
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', `"$@" ${plumbing}; exit "\${PIPESTATUS[0]}"`, 'bash', process.execPath, builtCommand, ...args],
    {
      cwd: project.folder,
      encoding: 'utf8',
      env: { PATH, HOME, LAYERWRIGHT_CACHE_DIR: project.options.cache },
    },
  );
  return { status, stderr };
}

const plumbings = ['| head -0', '2>&1 | head -0', '2>&1 | head -1 >/dev/null', '>&-', '2>&-', '>&- 2>&-'];

describe.each(plumbings)('with %s', (plumbing) => {
  test('a build ends with 0, and the image is there', () => {
    const { status, stderr } = piped(['build'], plumbing);
    expect(stderr).not.toContain('EPIPE');
    expect(status).toBe(0);
    expect(project.run('build').stderr).toContain('nothing to do');
  });

  test('a failure keeps its exit code', () => {
    project.write('oci.config.yaml', 'layers: [{ cpy: dist }]\n');
    expect(piped(['build'], plumbing).status).toBe(2);
  });
});
