import { expect, test } from 'vitest';
import { repositoryPaths } from '../../src/cli/repository-paths.ts';

const env = { GITHUB_WORKSPACE: '/work/repo' };

test.each([
  ['oci.config.yaml', undefined, 'services/api/oci.config.yaml'],
  ['../oci.config.yaml', undefined, 'services/oci.config.yaml'],
  ['oci.config.yaml', 'docker', 'services/api/docker/oci.config.yaml'],
  ['/work/repo/oci.lock', undefined, 'oci.lock'],
  ['/etc/oci.config.yaml', undefined, undefined],
  ['<stdin>', undefined, undefined],
  ['oci.config.mjs (as JSON)', undefined, undefined],
])('%s, with -C %s, stands in the repository as %s', (file, directory, path) => {
  const options = directory === undefined ? {} : { directory };
  expect(repositoryPaths(options, { cwd: '/work/repo/services/api', env })(file)).toBe(path);
});

test('outside of a workspace paths start at the working folder', () => {
  expect(repositoryPaths({}, { cwd: '/work/repo', env: {} })('a.yaml')).toBe('a.yaml');
});
