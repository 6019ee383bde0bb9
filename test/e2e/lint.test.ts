/** `lint`, as somebody calls it in a project and in CI. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeProject, type Project } from '../rigs/project.ts';
import { startServeCommand } from '../rigs/serve-command.ts';

const recipe = [
  '# the service',
  'layers:',
  '  - copy: dist # compiled',
  '    to: dist',
  "user: '1000'",
  'cmd: [node]',
  '',
].join('\n');

let project: Project;
beforeEach(() => {
  project = makeProject(recipe, { 'dist/server.js': '' });
});
afterEach(() => {
  project.remove();
});

test('a clean recipe is said to be one, and is no difference', () => {
  expect(project.run('lint', '--exit-code')).toMatchObject({
    status: 0,
    stdout: 'nothing found\n',
    stderr: '',
  });
});

test('findings are shown with line and cure, and counted; --exit-code makes them a difference', () => {
  project.write('dist/.DS_Store', '');
  const { status, stdout, stderr } = project.run('lint');
  expect([status, stdout]).toEqual([0, '  1  lint/leftover\n']);
  expect(stderr).toContain(' --> oci.config.yaml:3:5\n');
  expect(stderr).toContain(
    "= help: `layerwright lint --fix` leaves it out, by exclude: ['**/{.DS_Store,._*}']\n",
  );
  expect(project.run('lint', '--exit-code').status).toBe(10);
  expect(project.run('lint', '--exit-code', '--allow', 'lint/leftover').status).toBe(0);
});

test('--json gives the findings as they are', () => {
  project.write('dist/x~', '');
  const { stdout, stderr } = project.run('lint', '--json');
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({
    findings: [{ code: 'lint/leftover', severity: 'warning', place: { line: 3 } }],
  });
});

test('--fix excludes leftovers, keeps every other character, and has nothing to do again', () => {
  project.write('dist/.DS_Store', '');
  expect(project.run('lint', '--fix')).toMatchObject({ status: 0, stdout: 'nothing found\n' });
  const text = readFileSync(join(project.folder, 'oci.config.yaml'), 'utf8');
  expect(text).toBe(recipe.replace('# compiled\n', "# compiled\n    exclude: ['**/{.DS_Store,._*}']\n"));
  project.succeed('build', '-q', '-o', 'oci:out');
  expect(project.succeed('ls', 'oci:out')).not.toContain('DS_Store');
  project.succeed('lint', '--fix');
  expect(readFileSync(join(project.folder, 'oci.config.yaml'), 'utf8')).toBe(text);
  expect(project.pipe(recipe, 'lint', '--fix', '-f', '-').status).toBe(2);
});

test('an unknown rule is a mistake', () => {
  const { status, stderr } = project.run('lint', '--allow', 'lint/setuids');
  expect(status).toBe(2);
  expect(stderr).toContain('did you mean `lint/setuid`?');
});

test('a base that is not pinned is looked at as it is, and nothing is written', async () => {
  const server = await startServeCommand([], project.options);
  try {
    const base = `${server.host}/base`;
    project.succeed('build', '-q', '--push', '-t', `${base}:latest`);
    project.write('oci.config.yaml', `from: ${base}\n${recipe.replace("user: '1000'\n", '')}`);
    const { stdout } = project.run('lint');
    expect(stdout).toBe('  1  lint/unpinned-base\n  1  lint/latest-base\n');
    expect(() => readFileSync(join(project.folder, 'oci.lock'))).toThrow('ENOENT');
    project.succeed('lock');
    expect(project.run('lint').stdout).toBe('  1  lint/latest-base\n');
  } finally {
    await server.stop();
  }
});
