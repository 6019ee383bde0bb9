/** `init --ci github`: a workflow that YAML, our action and our grammar take, and that replaces nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type ActionStep, readAction } from '../rigs/composite-action.ts';
import { repository } from '../rigs/documents.ts';
import { makeProject, type Project } from '../rigs/project.ts';

const file = '.github/workflows/image.yml';
const action = readAction(join(repository, 'scripts/action/action.yml'));

let project: Project;
beforeEach(() => {
  project = makeProject(undefined, { '.git/HEAD': '' });
});
afterEach(() => {
  project.remove();
});

function init(...args: readonly string[]) {
  return project.run('init', '--ci', 'github', ...args);
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: { readonly image: { readonly steps: readonly ActionStep[] } };
}

function workflow(): Workflow {
  return parse(readFileSync(join(project.folder, file), 'utf8')) as Workflow;
}

function actionStep(): ActionStep | undefined {
  return workflow().jobs.image.steps.find(({ uses }) => uses?.includes('/scripts/action@'));
}

function writeNodeProject(prefix = ''): void {
  const scripts = { build: 'tsc', start: 'node dist/server.js' };
  project.write(
    `${prefix}package.json`,
    JSON.stringify({ name: 'api', scripts, dependencies: { zod: '4' } }),
  );
  project.write(`${prefix}package-lock.json`, '{}');
}

test('builds the project, then its image by inputs that the action has', () => {
  writeNodeProject();
  const { status, stdout } = init('--image', 'ghcr.io/acme/api');
  expect([status, stdout]).toEqual([0, `oci.config.yaml\n${file}\n`]);
  const runs = workflow().jobs.image.steps.flatMap(({ run }) => run ?? []);
  expect(runs).toEqual(['npm ci', 'npm run build', 'npm ci --omit=dev']);
  const inputs = actionStep()?.with ?? {};
  expect(inputs).toEqual({ push: "${{ github.ref == 'refs/heads/main' }}" });
  expect(Object.keys(inputs).filter((name) => !Object.hasOwn(action.inputs, name))).toEqual([]);
  expect(workflow().permissions).toEqual({ contents: 'read', packages: 'write' });
});

test('installs packages to build alone, where the image takes them from the lock', () => {
  writeNodeProject();
  const packages = { 'node_modules/zod': { version: '4.0.0', integrity: 'sha512-AAAA' } };
  project.write('package-lock.json', JSON.stringify({ lockfileVersion: 3, packages }));
  expect(init().status).toBe(0);
  const runs = workflow().jobs.image.steps.flatMap(({ run }) => run ?? []);
  expect(runs).toEqual(['npm ci', 'npm run build']);
});

test('stands at the top of the repository and names the folder of the project', () => {
  writeNodeProject('services/api/');
  expect(init('services/api').stdout).toBe(`services/api/oci.config.yaml\n${file}\n`);
  expect(actionStep()?.with).toEqual({ 'working-directory': 'services/api' });
  expect(Object.hasOwn(action.inputs, 'working-directory')).toBe(true);
  const runs = workflow().jobs.image.steps.filter(({ run }) => run !== undefined);
  expect(runs.map((step) => step['working-directory'])).toEqual(runs.map(() => 'services/api'));
});

test('a plain folder has nothing to build before, and a name of this computer is not pushed', () => {
  project.write('notes.txt', 'a');
  expect(init().status).toBe(0);
  expect(workflow().jobs.image.steps).toHaveLength(2);
  expect(actionStep()?.with).toBeUndefined();
});

test('is never replaced, with --force neither, and then no recipe is written', () => {
  project.write(file, 'mine\n');
  const { status, stderr } = init('--force');
  expect(status).toBe(2);
  expect(stderr).toContain(`--ci: ${file} is there already`);
  expect(readFileSync(join(project.folder, file), 'utf8')).toBe('mine\n');
  expect(() => readFileSync(join(project.folder, 'oci.config.yaml'))).toThrow('ENOENT');
});
