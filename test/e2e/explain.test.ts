/** `explain` as a user runs it; what it says of each kind of change stands in test/explain. */
import { afterEach, expect, test } from 'vitest';
import { makeProject, type Project } from '../rigs/project.ts';

let project: Project;
afterEach(() => {
  project.remove();
});

test('explain tells one changed file, on stdout alone and with its name made harmless', () => {
  project = makeProject('layers:\n  - copy: dist\n    to: /srv\n', { 'dist/a\u001b[2J': 'one' });
  project.succeed('build', '-q');
  project.write('dist/a\u001b[2J', 'two');
  const { status, stdout, stderr } = project.run('explain', 'copy', 'dist');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(
    /^since the build of sha256:\w{12}…:\n\ncopy dist {2}key .*:2:5\n {2}changed {2}dist\/a\\x1b\[2J {2}sha256:\w{12}… → sha256:\w{12}…\n {2}same .*\n$/,
  );
  expect(project.run('explain', '/srv/a\u001b[2J').stdout).not.toContain('\u001b');
  expect(project.run('explain', 'nobody').status).toBe(2);
});
