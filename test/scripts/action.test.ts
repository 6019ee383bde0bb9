/**
 * The composite action: its shape, and its shell steps, run as GitHub documents that they are run. That a runner takes
 * `uses:` steps, restores caches and hands out permissions is not shown here.
 */
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { builtCommand } from '../rigs/command.ts';
import { type ActionRun, readAction, runAction } from '../rigs/composite-action.ts';
import { type DockerRegistry, hasProgram, startDockerRegistry } from '../rigs/docker-registry.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { scratchFolder, type ScratchFolder } from '../rigs/scratch-folder.ts';

const file = resolve(import.meta.dirname, '../../scripts/action/action.yml');
const action = readAction(file);
const digest = expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string;
const recipe = 'image: localhost/hello\nlayers:\n  - file: /etc/hello\n    content: hello\n';

describe('the file', () => {
  test('says of each input and output what it is', () => {
    const described = [action, ...Object.values(action.inputs), ...Object.values(action.outputs)];
    expect(described.filter(({ description }) => description === '')).toEqual([]);
    expect(action.runs.using).toBe('composite');
  });

  test('names a shell for each step that runs something', () => {
    const { steps } = action.runs;
    expect(steps.filter(({ run, shell }) => run !== undefined && shell !== 'bash')).toEqual([]);
  });

  test('hands inputs to the shell as variables, never as text of a script', () => {
    expect(action.runs.steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
  });

  test('uses actions of GitHub alone, with inputs that they have', () => {
    const known: Readonly<Record<string, readonly string[]>> = {
      'actions/setup-node@v4': ['node-version'],
      'actions/cache@v4': ['path', 'key', 'restore-keys'],
    };
    const used = action.runs.steps.flatMap(({ uses, with: given = {} }) =>
      uses === undefined ? [] : [[uses, given]],
    );
    for (const [uses, given] of used as [string, object][])
      expect(known[uses], uses).toEqual(expect.arrayContaining(Object.keys(given)));
  });
});

describe('a run', () => {
  let scratch: ScratchFolder;
  let project: Project;

  beforeEach(() => {
    scratch = scratchFolder('action');
    project = makeProject(recipe);
    mkdirSync(join(project.folder, 'node_modules/.bin'), { recursive: true });
    symlinkSync(builtCommand, join(project.folder, 'node_modules/.bin/layerwright'));
    project.write('package.json', '{"name":"hello","version":"1.0.0"}');
  });
  afterEach(() => {
    project.remove();
    scratch.remove();
  });

  const run = (
    inputs: Readonly<Record<string, string>> = {},
    env: Readonly<Record<string, string>> = {},
  ): ActionRun =>
    runAction({
      file,
      scratch: scratch.path,
      workspace: project.folder,
      inputs: { cache: 'false', ...inputs },
      env,
    });

  test('builds with the layerwright of the project', () => {
    const { status, log } = run();
    expect(log).toMatch(/localhost\/hello:latest@sha256:[0-9a-f]{64}\n/);
    expect(status).toBe(0);
  });

  test('keeps the store between runs, each under a key of its own', () => {
    const { used } = run({ cache: 'true', 'cache-key': 'api' });
    expect(used).toEqual([
      {
        uses: 'actions/cache@v4',
        with: {
          path: join(scratch.path, 'temp/layerwright-store'),
          key: 'layerwright-Linux-api-7-1',
          'restore-keys': 'layerwright-Linux-api-',
        },
      },
    ]);
    expect(run({ cache: 'true' }).log).toContain('nothing to do');
  });

  test('keeps nothing where it is told so, and sets up the Node that it is told', () => {
    expect(run({ 'node-version': '22' }).used).toEqual([
      { uses: 'actions/setup-node@v4', with: { 'node-version': '22' } },
    ]);
  });

  test('hands on arguments, which no shell reads', () => {
    const { status, log } = run({ args: '-o oci:out\n--platform linux/arm64  -t localhost/$(id):1' });
    expect(status).toBe(2);
    expect(log).toContain('localhost/$(id):1');
    expect(run({ args: '-o oci:out\n--platform  linux/arm64' }).log).toContain('linux/arm64');
    expect(readFileSync(join(project.folder, 'out/index.json'), 'utf8')).toContain('sha256:');
  });

  test('ends as the build ends', () => {
    project.write('oci.config.yaml', 'layrs: []\n');
    const { status, log } = run();
    expect(status).toBe(2);
    expect(log).toContain('did you mean `layers`?');
  });

  test('refuses a push that is neither true nor false', () => {
    expect(run({ push: 'yes' })).toMatchObject({
      status: 2,
      log: expect.stringContaining('must be true or false') as string,
    });
  });

  test('builds the recipe of another folder', () => {
    project.write('services/api/oci.config.yaml', recipe.replace('localhost/hello', 'localhost/api'));
    expect(run({ 'working-directory': 'services/api' }).log).toContain('localhost/api:latest@sha256:');
  });

  test('gives the digest, the id of the image and the metadata', () => {
    const { outputs } = run();
    expect(outputs).toMatchObject({ digest, imageid: digest });
    expect(JSON.parse(outputs['metadata'] ?? '')).toMatchObject({
      'containerimage.digest': outputs['digest'],
    });
  });
});

describe.skipIf(!hasProgram('docker-registry'))('a push (needs docker-registry)', () => {
  let registry: DockerRegistry;
  let scratch: ScratchFolder;
  let project: Project;

  beforeEach(async () => {
    registry = await startDockerRegistry();
    scratch = scratchFolder('action');
    project = makeProject(recipe.replace('localhost/hello', `${registry.host}/hello`));
    mkdirSync(join(project.folder, 'node_modules/.bin'), { recursive: true });
    symlinkSync(builtCommand, join(project.folder, 'node_modules/.bin/layerwright'));
    project.write('package.json', '{"name":"hello","version":"1.0.0"}');
  });
  afterEach(async () => {
    project.remove();
    scratch.remove();
    await registry.stop();
  });

  test('goes to the registry that the image is named after', () => {
    const { status } = runAction({
      file,
      scratch: scratch.path,
      workspace: project.folder,
      inputs: { push: 'true' },
    });
    expect(status).toBe(0);
    expect(project.succeed('tags', `${registry.host}/hello`)).toBe('latest\n');
  });
});
