/** Calls of the command that are wrong, ask for help, or have nowhere to write to. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { builtCommand } from '../rigs/command.ts';
import { makeProject, type Project } from '../rigs/project.ts';

let project: Project;
beforeEach(() => {
  project = makeProject('layers: [{ copy: dist }]\n', { 'dist/server': 'one' });
});
afterEach(() => {
  project.remove();
});

const commands = [
  ...['init', 'lint', 'completion'],
  ...['build', 'plan', 'inspect', 'ls', 'push', 'copy', 'bundle', 'run', 'schema'],
  ...['lock', 'outdated', 'update'],
  'diff',
  'watch',
  ...['cache ls', 'cache du', 'cache verify', 'cache gc'],
];

describe('help', () => {
  test('lists every command and every exit code', () => {
    const text = project.succeed('--help');
    for (const command of commands)
      expect(text).toMatch(new RegExp(`^ {2}${command.split(' ')[0] ?? ''} `, 'm'));
    for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 70, 130, 143])
      expect(text).toMatch(new RegExp(`^ +${String(code)} {2}\\w`, 'm'));
    expect(project.succeed('help')).toBe(text);
  });

  test('fits a terminal of 80 columns, and begins with what a newcomer calls', () => {
    const lines = project.succeed('--help').split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const rows = lines.slice(lines.indexOf('Commands:')).filter((line) => /^ {2}\w/.test(line));
    expect(rows.slice(0, 3).map((row) => row.split(' ')[2])).toEqual(['init', 'build', 'plan']);
  });

  test.each(commands)('%s --help has three examples that begin with the command', (command) => {
    const text = project.succeed(...command.split(' '), '--help');
    const examples = text.slice(text.indexOf('\nExamples:\n')).match(/^ {2}\$ .*$/gm);
    expect(examples).toHaveLength(3);
    for (const example of examples ?? []) expect(example).toContain(`layerwright ${command}`);
  });

  test('without a command is shown on stderr, and is no success', () => {
    const { status, stdout, stderr } = project.run();
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: layerwright');
  });

  test('--version prints the package’s version alone', () => {
    const { version } = JSON.parse(
      readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8'),
    ) as {
      version: string;
    };
    expect(project.succeed('--version')).toBe(`${version}\n`);
  });
});

describe('a wrong call', () => {
  test.each([
    ['buld', 'did you mean `build`?'],
    ['cache vrify', 'did you mean `verify`?'],
    ['build --pltform all', 'did you mean `--platform`?'],
    ['build -o', 'argument missing'],
    ['build -o oic:out', 'did you mean `oci:out`?'],
    ['build --jobs many', 'A whole number of 1 or more is needed.'],
    ['build --progress loud', 'auto, tty, plain, json, quiet'],
    ['build --arg VERSION', 'is not KEY=VALUE'],
    ['build --platform bogus', 'os/architecture'],
    ['build -t a:1 -t b:1', 'two repositories'],
    ['build nobody', 'has no image `nobody`'],
    ['build --plan plan.json nobody', 'a plan is executed whole'],
    ['build -f nowhere.yaml', 'nowhere.yaml'],
    ['-C nowhere build', '`nowhere` is no folder'],
    ['inspect', "missing required argument 'reference'"],
    ['inspect a b', 'too many arguments'],
    ['run oci:out ls -l', 'what is for the container stands after --'],
    ['plan --graph dot', 'mermaid'],
    ['update nobody', 'nothing that the recipe asks for is called `nobody`'],
    ['plan --auth-realm x', 'REGISTRY=HOST'],
    ['schema recipes', 'did you mean `recipe`?'],
    ['completion fihs', 'did you mean `fish`?'],
  ])('%s is answered in one sentence with a cure', (call, says) => {
    const { status, stdout, stderr } = project.run(...call.split(' '));
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(says);
    expect(stderr).toMatch(
      /^error\[(command|recipe)\/[a-z-]+\] [^\n]+\n(?:[^\n]*\n)*? +=(?: help)?: [^\n]+\n$/,
    );
    expect(stderr.match(/^error\[/gm)).toHaveLength(1);
  });

  test('an output of the recipe that names no registry is shown in its place', () => {
    project.write('oci.config.yaml', 'layers: [{ copy: dist }]\noutputs: ["oic:out"]\n');
    const { status, stderr } = project.run('build');
    expect(status).toBe(2);
    expect(stderr).toContain(' --> oci.config.yaml:2:11\n');
    expect(stderr).toContain('did you mean `oci:out`?');
  });

  test.each([
    'buld',
    'build --frob',
    'build nobody',
    '-C nowhere build',
    'schema nothing',
    'inspect oci:nowhere',
  ])('%s is told to programs under --json', (call) => {
    const { stderr } = project.run(...call.split(' '), '--json');
    expect(JSON.parse(stderr)).toMatchObject({
      diagnostics: [{ severity: 'error', exitCode: 2, retryable: false }],
    });
  });

  test('shows what it was given without what a terminal would act on', () => {
    for (const args of [['\u001b[31mfoo'], ['build', '\u001b[31m'], ['inspect', 'oci:\u001b]0;x\u0007']])
      expect(project.run(...args).stderr).not.toMatch(/[\u001b\u0007]/);
  });
});

describe('output', () => {
  test('a full disk behind standard output is said, and ends with 7', () => {
    const { status, stderr } = shell('"$@" build -q >/dev/full');
    expect(status).toBe(7);
    expect(stderr).toContain('error[command/unwritable-file] standard output cannot be written');
    expect(stderr).not.toContain('    at ');
  });

  test('a full disk behind standard error stops no build', () => {
    expect(shell('"$@" build 2>/dev/full')).toMatchObject({ status: 0 });
  });

  test.each(['"$@" build >&-', '"$@" build 2>&-', '"$@" build >&- 2>&- <&-'])('%s is no error', (script) => {
    expect(shell(script).status).toBe(0);
  });

  test('a reader that leaves early is no error', () => {
    expect(shell('set -o pipefail; "$@" schema | head -c 1; "$@" --help | true').status).toBe(0);
  });

  test('--progress json is one event a line, and the error too', () => {
    const { stderr } = project.run('build', '--progress', 'json', '-o', 'oci:dist');
    const lines = stderr.trimEnd().split('\n');
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(parsed[0]).toMatchObject({ type: 'plan-made', labels: ['copy dist', 'image image'] });
    expect(parsed.at(-1)).toMatchObject({ diagnostics: [{ code: 'transport/not-ours', exitCode: 7 }] });
  });

  test('--progress quiet and -q say nothing of what goes well', () => {
    expect(project.run('build', '--progress', 'quiet').stderr).toBe('');
    expect(project.run('build', '-q').stderr).toBe('');
  });

  test('-v says which blobs move', () => {
    const { stderr } = project.run('build', '-v', '-o', 'oci:out');
    expect(stderr.match(/oci:out +blob {3}sha256:[0-9a-f]{64}$/gm)).toHaveLength(3);
  });

  test('paths on the command line start at -C', () => {
    const run = project.succeed('-C', 'dist', 'build', '-q', '-f', '../oci.config.yaml', '-o', 'oci:../out');
    expect(run).toMatch(/^sha256:/);
    expect(project.succeed('inspect', '-q', 'oci:out')).toContain(run.trim());
  });
});

describe('schema', () => {
  test('prints the schema that the package ships', () => {
    const file = resolve(import.meta.dirname, '../../schema/recipe.schema.json');
    expect(project.succeed('schema')).toBe(readFileSync(file, 'utf8'));
    expect(project.succeed('schema', 'recipe')).toBe(readFileSync(file, 'utf8'));
  });

  test('needs no recipe, store or folder', () => {
    expect(project.run('-C', join(project.folder, 'nowhere'), 'schema').status).toBe(0);
  });
});

/** A script in which "$@" is the built command. */
function shell(script: string): { readonly status: number | null; readonly stderr: string } {
  const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', process.execPath, builtCommand], {
    cwd: project.folder,
    encoding: 'utf8',
    env: { ...process.env, LAYERWRIGHT_CACHE_DIR: project.options.cache },
  });
  return { status, stderr };
}
