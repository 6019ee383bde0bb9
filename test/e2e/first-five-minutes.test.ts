/**
 * The first five minutes, as README tells them: each of its commands pasted in order, in a folder of a new user's, with
 * the package from `npm pack` and a loopback registry in docker.io's place; then what goes wrong on such a way, and that
 * each error names its cure.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DockerHub, canServeDockerHub, dockerHubNeeds, startDockerHub } from '../rigs/docker-hub.ts';
import { type CodeBlock, readDocument, sectionBlocks } from '../rigs/documents.ts';
import { packPackage } from '../rigs/packed-package.ts';
import { hasProgram } from '../rigs/runtimes.ts';
import { type ScratchFolder, scratchFolder } from '../rigs/scratch-folder.ts';

const canRun = canServeDockerHub && (hasProgram('runc') || hasProgram('crun'));

interface PastedBlock {
  readonly status: number;
  /** stdout and stderr, as they came. */
  readonly output: string;
}

describe.skipIf(!canRun)(`the first five minutes (${dockerHubNeeds}; and runc or crun)`, () => {
  let hub: DockerHub;
  let scratch: ScratchFolder;
  let blocks: readonly CodeBlock[];
  let pasted: readonly PastedBlock[];
  let seconds: number;
  let project: string;

  beforeAll(async () => {
    [hub, blocks] = [
      await startDockerHub(),
      sectionBlocks(await readDocument('README.md'), 'The first five minutes'),
    ];
    scratch = scratchFolder('five-minutes');
    const tarball = packPackage(scratch.path);
    const began = performance.now();
    pasted = paste(
      blocks.filter(({ language }) => language === 'sh').map(({ text }) => withTarball(text, tarball)),
      { cwd: scratch.path, env: userEnv() },
    );
    seconds = (performance.now() - began) / 1000;
    project = join(scratch.path, 'hello');
  }, 420_000);
  afterAll(async () => {
    await hub.close();
    hub.remove();
    scratch.remove();
  });

  /** Of a person at a terminal: no CI, and a store that is empty. */
  function userEnv(): NodeJS.ProcessEnv {
    const { CI: _, ...env } = process.env;
    return { ...env, ...hub.env, LAYERWRIGHT_CACHE_DIR: join(scratch.path, 'cache') };
  }

  /** Our command in the project, as npx would start it; `PATH` is the user's unless it is given. */
  function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): PastedBlock {
    const program = join(project, 'node_modules/.bin/layerwright');
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      cwd: project,
      encoding: 'utf8',
      env: { ...userEnv(), ...env },
    });
    return { status: status ?? -1, output: `${stdout}${stderr}` };
  }

  test('every command ends well, all of them within five minutes', () => {
    expect(pasted.filter(({ status }) => status !== 0)).toEqual([]);
    expect(pasted).toHaveLength(blocks.filter(({ language }) => language === 'sh').length);
    expect(seconds).toBeLessThan(300);
  });

  test('says what README shows', () => {
    let at = -1;
    for (const { language, text } of blocks) {
      if (language === 'sh') at += 1;
      if (language !== 'text') continue;
      const said = lines(pasted[at]?.output ?? '');
      const shown = lines(text).filter((line) => line !== '…');
      expect(said.filter((line) => shown.includes(line))).toEqual(shown);
    }
  });

  test('leads to the recipe that README shows, of eight lines at most', () => {
    const shown = blocks.find(({ language }) => language === 'yaml')?.text ?? '';
    const written = readFileSync(join(project, 'oci.config.yaml'), 'utf8');
    expect(written).toBe(shown);
    expect(lines(written).filter((line) => !line.startsWith('#')).length).toBeLessThanOrEqual(8);
  });

  test('runs a container, and a second build has nothing to do', () => {
    const said = pasted.map(({ output }) => output).join('');
    expect(said).toMatch(/^Hello from Node v22\./m);
    expect(run(['build']).output).toContain('nothing to do');
  });

  describe('what goes wrong on the way', () => {
    /** What was wrong for a moment stands in a copy of the recipe. */
    function withRecipe(change: (recipe: string) => string): PastedBlock {
      writeFileSync(
        join(project, 'changed.yaml'),
        change(readFileSync(join(project, 'oci.config.yaml'), 'utf8')),
      );
      return run(['build', '-f', 'changed.yaml']);
    }

    test('no recipe: init writes one', () => {
      mkdirSync(join(scratch.path, 'empty/.git'), { recursive: true });
      const { status, output } = run(['-C', join(scratch.path, 'empty'), 'build']);
      expect([status, output]).toEqual([
        2,
        expect.stringContaining('help: `layerwright init` writes oci.config.yaml'),
      ]);
    });

    test('init again: the recipe is kept, and the flag that replaces it named', () => {
      const { status, output } = run(['init']);
      expect([status, output]).toEqual([2, expect.stringContaining('--force')]);
    });

    test('nothing compiled yet: build it first', () => {
      renameSync(join(project, 'dist'), join(scratch.path, 'dist'));
      const { status, output } = run(['build']);
      renameSync(join(scratch.path, 'dist'), join(project, 'dist'));
      expect(status).toBe(2);
      expect(output).toContain('`dist` is not in the context');
      expect(output).toContain('build the file first');
    });

    test('a wrong key: the right one', () => {
      const { status, output } = withRecipe((recipe) => recipe.replace('workdir:', 'workdri:'));
      expect([status, output]).toEqual([2, expect.stringContaining('help: did you mean `workdir`?')]);
    });

    test('a wrong file: the right one', () => {
      const { status, output } = withRecipe((recipe) => recipe.replace(', dist', ', dits'));
      expect([status, output]).toEqual([2, expect.stringContaining('help: did you mean `dist`?')]);
    });

    test('a base that nobody has: what to check, and the line', () => {
      const { status, output } = withRecipe((recipe) => recipe.replace('22-slim', '22-slm'));
      expect(status).toBe(5);
      expect(output).toContain('changed.yaml:3:7');
      expect(output).toContain('help: check the name, the tag and whether you may read it');
    });

    test('a command that is none: the one that is', () => {
      const { status, output } = run(['biuld']);
      expect([status, output]).toEqual([2, expect.stringContaining('did you mean `build`?')]);
    });

    test('no image yet: where it was looked for', () => {
      const { status, output } = run(['run', 'oci:uot']);
      expect([status, output]).toEqual([2, expect.stringContaining('help: check the path')]);
    });

    test('no runtime: what to install', () => {
      const { status, output } = run(['run', '--runtime', './runc', 'oci:out']);
      expect(status).toBe(7);
      expect(output).toContain('help: install runc 1.2.8, 1.3.3 or newer, or crun');
    });

    test('no engine: what to install, or what to do without', () => {
      const bin = join(scratch.path, 'bin');
      mkdirSync(bin);
      symlinkSync(process.execPath, join(bin, 'node'));
      const { status, output } = run(['copy', 'oci:out', '--load'], { PATH: bin });
      expect(status).toBe(7);
      expect(output).toContain('help: start docker or install podman, or write a docker-archive');
    });

    test('the registry is down: what is cached still builds, what is not says what to check', async () => {
      await hub.close();
      expect(run(['build']).status).toBe(0);
      const { status, output } = withRecipe((recipe) => recipe.replace('22-slim', '23-slim'));
      expect(status).toBe(5);
      expect(output).toContain('nothing listens there (connection refused)');
      expect(output).toContain(
        'help: check the name and the port, the network, and HTTPS_PROXY and NO_PROXY',
      );
    });
  });
});

const install = 'npm install --save-dev layerwright';

function withTarball(text: string, tarball: string): string {
  return text.replace(install, `npm install --save-dev '${tarball}'`);
}

/** Blocks pasted one after the other into one shell, which keeps its working folder. */
function paste(
  blocks: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): readonly PastedBlock[] {
  const script = blocks
    .map((block) => `${block.trim().replaceAll('\n', ' &&\n')}\nprintf '\\n@@%s\\n' $?\n`)
    .join('');
  const { stdout } = spawnSync('bash', ['-c', `exec 2>&1\n${script}`], { cwd, env, encoding: 'utf8' });
  return [...stdout.matchAll(/(?<output>.*?)\n@@(?<status>\d+)\n/gs)].map(({ groups = {} }) => ({
    status: Number(groups['status']),
    output: groups['output'] ?? '',
  }));
}

/** Without what differs from run to run: digests, sizes, times, versions, how far columns stand apart. */
function lines(text: string): readonly string[] {
  return text
    .replaceAll(/sha256:[0-9a-f]+…?/g, 'sha256:…')
    .replaceAll(/\d+(?:\.\d+)? [kMG]?B\b/g, 'SIZE')
    .replaceAll(/\d+\.\d+ ?s\b/g, 'TIME')
    .replaceAll(/v\d+\.\d+\.\d+/g, 'VERSION')
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' ').trim())
    .filter((line) => line !== '');
}
