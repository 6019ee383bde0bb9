/** `init`, as somebody calls it who has a project and no recipe. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CommandRun, runCommand } from '../rigs/command.ts';
import { scratchFolder } from '../rigs/scratch-folder.ts';

let scratch: ReturnType<typeof scratchFolder>;
let folder: string;
beforeEach(() => {
  scratch = scratchFolder('init');
  folder = join(scratch.path, 'My Project');
  write('.git/HEAD', '');
});
afterEach(() => {
  scratch.remove();
});

function write(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

function run(...args: readonly string[]): CommandRun {
  return runCommand(args, { cwd: folder, cache: join(scratch.path, 'cache') });
}

function recipe(name = 'oci.config.yaml'): string {
  return readFileSync(join(folder, name), 'utf8');
}

function writeNodeProject(): void {
  const scripts = { start: 'node dist/server.js' };
  write('package.json', JSON.stringify({ name: 'api', scripts, dependencies: { zod: '4' } }));
  write('package-lock.json', '{}');
  write('dist/server.js', 'console.log(1);\n');
  write('node_modules/zod/index.js', '');
  write('.dockerignore', 'node_modules\ndist\n');
  write('.env', 'TOKEN=secret\n');
}

describe('init', () => {
  test('writes a recipe that builds, says what it saw, and names the next command', () => {
    writeNodeProject();
    const { status, stdout, stderr } = run('init', '--from', 'scratch');
    expect([status, stdout]).toEqual([0, 'oci.config.yaml\n']);
    expect(stderr).toContain('found  npm project: package-lock.json, dist/server.js (scripts.start)\n');
    expect(stderr).toContain('warning[init/hidden]');
    expect(stderr).toMatch(/\nnext {3}layerwright build\n$/);
    expect(run('build', '-o', 'oci:out').stdout).toMatch(/^localhost\/api:latest@sha256:/);
    const paths = run('ls', 'oci:out').stdout.match(/\/app\/.*$/gm);
    expect(paths).toEqual(expect.arrayContaining(['/app/dist/server.js', '/app/node_modules/zod/index.js']));
    expect(paths?.filter((path) => path.includes('.env'))).toEqual([]);
  });

  test('takes packages from the lock of npm, with nothing installed', () => {
    const dependencies = { lib: 'file:lib' };
    write('package.json', JSON.stringify({ name: 'api', main: 'dist/server.js', dependencies }));
    const packages = {
      '': { name: 'api', dependencies },
      lib: { version: '1.0.0' },
      'node_modules/lib': { resolved: 'lib', link: true },
    };
    write('package-lock.json', JSON.stringify({ name: 'api', lockfileVersion: 3, packages }));
    write('lib/package.json', JSON.stringify({ name: 'lib', version: '1.0.0' }));
    write('dist/server.js', 'console.log(1);\n');
    expect(run('init', '--from', 'scratch')).toMatchObject({ status: 0, stdout: 'oci.config.yaml\n' });
    expect(recipe()).toContain('layers:\n  - npm: .\n  - { copy: ., include: [dist] }\n');
    expect(run('build', '-o', 'oci:out').status).toBe(0);
    const paths = run('ls', 'oci:out').stdout.match(/\/app\/.*$/gm);
    const wanted = ['/app/package.json', '/app/node_modules/lib/package.json', '/app/dist/server.js'];
    expect(paths).toEqual(expect.arrayContaining(wanted));
  });

  test('in a workspace makes an image that runs, with the packages of the lock above it', () => {
    const dependencies = { shared: '^1.0.0' };
    write('package.json', JSON.stringify({ name: 'root', workspaces: ['packages/*'] }));
    const packages = {
      '': { name: 'root', workspaces: ['packages/*'] },
      'packages/api': { name: 'api', version: '1.0.0', dependencies },
      'packages/shared': { name: 'shared', version: '1.0.0' },
      'node_modules/api': { resolved: 'packages/api', link: true },
      'node_modules/shared': { resolved: 'packages/shared', link: true },
    };
    write('package-lock.json', JSON.stringify({ name: 'root', lockfileVersion: 3, packages }));
    const shared = { name: 'shared', version: '1.0.0' };
    write('packages/shared/package.json', JSON.stringify(shared));
    write('packages/shared/index.js', 'module.exports = "from the workspace beside it";\n');
    const scripts = { start: 'node dist/server.js' };
    const api = { name: 'api', version: '1.0.0', scripts, dependencies };
    write('packages/api/package.json', JSON.stringify(api));
    write('packages/api/dist/server.js', 'console.log(require("shared"));\n');
    const { status, stderr } = run('init', 'packages/api', '--from', 'scratch');
    expect(status, stderr).toBe(0);
    expect(stderr).toContain('found  npm project: ../../package-lock.json, dist/server.js (scripts.start)\n');
    expect(recipe('packages/api/oci.config.yaml')).toContain('\ncontext: ../..\n');
    expect(run('-C', 'packages/api', 'build', '-o', 'rootfs:../../root').status).toBe(0);
    const server = join(folder, 'root/app/dist/server.js');
    expect(execFileSync(process.execPath, [server], { encoding: 'utf8' })).toBe(
      'from the workspace beside it\n',
    );
  });

  test('points editors to the schema of the package that is installed, above it too', () => {
    write('package.json', '{}');
    run('init');
    expect(recipe()).toMatch(/^# yaml-language-server: \$schema=\.\/node_modules\/layerwright\/schema/);
    write('node_modules/layerwright/schema/recipe.schema.json', '{}');
    write('services/site/index.html', '');
    const { stderr } = run('init', 'services/site');
    expect(recipe('services/site/oci.config.yaml')).toMatch(
      /^# yaml-language-server: \$schema=\.\/\.\.\/\.\.\/node_modules\/layerwright\/schema/,
    );
    expect(stderr).toContain('next   layerwright -C services/site build\n');
  });

  test('leaves a recipe alone, and replaces it with --force', () => {
    write('oci.config.yaml', 'layers: []\n');
    const refused = run('init');
    expect([refused.status, refused.stdout, recipe()]).toEqual([2, '', 'layers: []\n']);
    expect(refused.stderr).toContain('`--force` replaces it');
    expect(run('init', '--force').status).toBe(0);
    expect(recipe()).toContain('image: localhost/my-project\nfrom: scratch\n');
  });

  test('never makes a second recipe under another name', () => {
    write('.config/oci.yaml', 'layers: []\n');
    const { status, stderr } = run('init', '--force');
    expect(status).toBe(2);
    expect(stderr).toContain('error[init/recipe-exists] .config/oci.yaml is there already');
    expect(existsSync(join(folder, 'oci.config.yaml'))).toBe(false);
  });

  test.each([
    [['--image', 'Acme/Api'], '--> oci.config.yaml:1:8'],
    [['--from', 'node:22 slim'], '--> oci.config.yaml:2:7'],
    [['nowhere'], '`nowhere` is no folder'],
  ])('%j is refused in the recipe’s own words, and writes nothing', (args, says) => {
    const { status, stdout, stderr } = run('init', ...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
    expect(existsSync(join(folder, 'oci.config.yaml'))).toBe(false);
  });

  test('says it to programs under --json', () => {
    writeNodeProject();
    const { stdout } = run('init', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      written: ['oci.config.yaml'],
      project: 'npm project',
      warnings: [{ code: 'init/hidden' }],
      next: ['layerwright build'],
    });
  });
});
