/** `diff` names the packages in which two images differ, whoever laid them down. */
import { afterAll, expect, test } from 'vitest';
import { runInProcess } from '../rigs/command-in-process.ts';
import { makeProject } from '../rigs/project.ts';

const project = makeProject(undefined);
afterAll(() => {
  project.remove();
});

async function build(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  const layers = Object.entries(files).map(
    ([path, content]) => `  - file: ${path}\n    content: ${JSON.stringify(content)}\n`,
  );
  project.write(`${name}.yaml`, `platforms: [linux/amd64]\nfrom: scratch\nlayers:\n${layers.join('')}`);
  const run = await runInProcess(['build', '-q', '-f', `${name}.yaml`, '-o', `oci:${name}`], project.options);
  expect(run.status, run.stderr).toBe(0);
}

const manifest = (version: string): string => JSON.stringify({ name: 'undici', version });
const status = (version: string): string =>
  `Package: libssl3\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`;

test('diff tells packages by their versions, and passes over what is no package', async () => {
  await build('a', {
    '/app/node_modules/undici/package.json': manifest('7.30.1'),
    '/app/node_modules/odd/package.json': '{ "version": [1] }',
    '/var/lib/dpkg/status.d/libssl3': status('3.0.15-1'),
  });
  await build('b', {
    '/app/node_modules/undici/package.json': manifest('7.30.2'),
    '/app/node_modules/zod/package.json': '{ "name": "zod", "version": "4.6.7\\u001b[31m" }',
    '/var/lib/dpkg/status': status('3.0.16-1'),
  });
  const args = ['diff', '-q', '--platform', 'linux/amd64', 'oci:a', 'oci:b'];
  const { stdout, stderr } = await runInProcess(args, project.options);
  expect(stderr).toBe('');
  expect(/^packages[^]*?\n\n/m.exec(stdout)?.[0]).toBe(`packages  2 changed, 1 added
  ~ libssl3                   3.0.15-1 → 3.0.16-1
  ~ /app/node_modules/undici  7.30.1 → 7.30.2
  + /app/node_modules/zod     4.6.7\\x1b[31m

`);
  const json = await runInProcess([...args, '--json'], project.options);
  const { packages } = JSON.parse(json.stdout) as { packages: unknown };
  expect(packages).toContainEqual({
    change: 'changed',
    kind: 'npm',
    name: 'undici',
    place: 'app/node_modules/undici',
    before: '7.30.1',
    after: '7.30.2',
  });
});
