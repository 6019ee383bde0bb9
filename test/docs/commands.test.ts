/** What the documents tell a reader to type can be typed: our own commands by our grammar, the others by their names. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { CommandError } from '../../src/cli/command-error.ts';
import { separateNoCache } from '../../src/cli/options.ts';
import { createProgram } from '../../src/cli/program.ts';
import { type ActionStep, readAction } from '../rigs/composite-action.ts';
import { codeBlocks, codeSpans, documentNames, readDocument, repository } from '../rigs/documents.ts';
import { shellCommands } from '../rigs/shell-commands.ts';
import { silentSurroundings } from '../rigs/silent-surroundings.ts';

/** Programs that a reader may be told to run, beside ours. */
const otherPrograms = [
  ...[
    'npm',
    'node',
    'git',
    'curl',
    'docker',
    'podman',
    'skopeo',
    'npx',
    'crane',
    'runc',
    'kubectl',
    'man',
    'bash',
  ],
  ...[
    'cd',
    'mkdir',
    'cat',
    'echo',
    'printf',
    'test',
    'export',
    'kill',
    'tar',
    'rm',
    'diff',
    'source',
    'sudo',
  ],
  ...['./make-root.sh', '../debian-rootfs/make-root.sh', './mvnw', 'mvn', 'apko', 'code', 'buildah', 'go'],
];

const action = readAction(join(repository, 'scripts/action/action.yml'));

const { scripts } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

describe.each(await documentNames())('%s', (document) => {
  test('shows commands that the grammar takes', async () => {
    const markdown = await readDocument(document);
    const ours = [...blockCommands(markdown), ...spanCommands(markdown)].flatMap((words) => {
      const args = ourArguments(words);
      return args === undefined ? [] : [args];
    });
    expect(ours.flatMap(problemsOf)).toEqual([]);
  });

  test('shows programs that are ours or known', async () => {
    const unknown = blockCommands(await readDocument(document)).filter(
      (words) => ourArguments(words) === undefined && !otherPrograms.includes(words[0] ?? ''),
    );
    expect(unknown).toEqual([]);
  });

  test('names scripts of npm that are there', async () => {
    const named = blockCommands(await readDocument(document))
      .filter(([program, verb]) => program === 'npm' && verb === 'run')
      .map((words) => words[2] ?? '');
    // A project of the reader's has scripts of its own.
    expect(named.filter((name) => scripts[name] === undefined && name !== 'build')).toEqual([]);
  });

  test('gives our action inputs that it has, and arguments that build takes', async () => {
    const uses = codeBlocks(await readDocument(document))
      .filter(({ language }) => language === 'yaml')
      .flatMap(({ text }) => stepsOf(text))
      .filter(({ uses }) => uses?.includes('/scripts/action@'));
    const inputs = uses.flatMap(({ with: given = {} }) => Object.keys(given));
    expect(inputs.filter((name) => !Object.keys(action.inputs).includes(name))).toEqual([]);
    const calls = uses.map(({ with: given = {} }) => ['build', ...(given['args'] ?? '').split(/\s+/)]);
    expect(calls.map((call) => call.filter((word) => word !== '')).flatMap(problemsOf)).toEqual([]);
  });

  test('has its commands in blocks that say sh', async () => {
    const bare = codeBlocks(await readDocument(document)).filter(
      ({ language, text }) => language === '' && /^(?:npm|npx|layerwright|node) /m.test(text),
    );
    expect(bare).toEqual([]);
  });

  test('names flags that some command has', async () => {
    const flags = codeSpans(await readDocument(document)).flatMap(
      (code) => /^(?:layerwright .*)?(?<flag>--[a-z][\w-]*)/.exec(code)?.groups?.['flag'] ?? [],
    );
    expect(flags.filter((flag) => !knownFlags.has(flag) && !foreignFlags.has(flag))).toEqual([]);
  });
});

test('README names every command', async () => {
  const readme = codeSpans(await readDocument('README.md'));
  expect(commandNames().filter((name) => !readme.includes(name))).toEqual([]);
});

test('a command that the grammar refuses is found', () => {
  expect(problemsOf(['biuld'])).toEqual([expect.stringContaining('biuld')]);
  expect(problemsOf(['build', '--no-such-flag'])).toEqual([expect.stringContaining('--no-such-flag')]);
  expect(problemsOf(['build', '--no-cache=copy dist'])).toEqual([]);
});

const knownFlags = flagsOfHelp();
/** Of docker, npm and others, which the documents speak of. */
const foreignFlags = new Set([
  '--init',
  '--omit',
  '--ignore-scripts',
  '--save-dev',
  '--build-arg',
  '--chmod',
  '--chown',
  '--long',
  '--mount',
  '--ssh',
]);

/** The commands of shell blocks, and those that workflows run. */
function blockCommands(markdown: string): readonly (readonly string[])[] {
  return codeBlocks(markdown).flatMap(({ language, text }) => {
    if (language === 'sh') return shellCommands(text);
    // A transcript: what is typed stands behind a dollar.
    if (language === '' || language === 'text')
      return [...text.matchAll(/^\$ (?<typed>.*)$/gm)].flatMap((match) =>
        shellCommands(match.groups?.['typed'] ?? ''),
      );
    return language === 'yaml' ? runSteps(text).flatMap(shellCommands) : [];
  });
}

/** Commands in a line of text; one that stands for many (`serve [DIR]`, `explain …`) shows a grammar and is none. */
function spanCommands(markdown: string): readonly (readonly string[])[] {
  return codeSpans(markdown)
    .filter((code) => /^(?:npx )?layerwright /.test(code) && !/[[\]…|]/.test(code))
    .flatMap(shellCommands);
}

function runSteps(text: string): readonly string[] {
  return stepsOf(text).flatMap(({ run }) => (run === undefined ? [] : [run]));
}

/** The steps of a workflow's jobs, an expression in them standing for a value. */
function stepsOf(text: string): readonly ActionStep[] {
  const plain = text.replaceAll(/\$\{\{.*?\}\}/g, 'VALUE');
  const workflow = parse(plain) as { jobs?: Record<string, { steps: ActionStep[] }> } | null;
  return Object.values(workflow?.jobs ?? {}).flatMap(({ steps }) => steps);
}

/** The arguments of our command, however it is called. */
function ourArguments(words: readonly string[]): readonly string[] | undefined {
  const line = words.join('\0');
  const call = /^(?:npx\0)?layerwright(?:\0|$)|^node\0(?:\.\.\/)*dist\/cli\.js(?:\0|$)/.exec(line)?.[0];
  if (call === undefined) return undefined;
  return call.length === line.length && !call.endsWith('\0') ? [] : line.slice(call.length).split('\0');
}

function problemsOf(args: readonly string[]): readonly string[] {
  try {
    createProgram('0.0.0', silentSurroundings()).parse(separateNoCache(args));
    return [];
  } catch (error) {
    if (!(error instanceof CommandError) && (error as { exitCode?: number }).exitCode === 0) return [];
    return [`layerwright ${args.join(' ')}: ${String(error)}`];
  }
}

function flagsOfHelp(): ReadonlySet<string> {
  const groups = ['ls', 'du', 'verify', 'gc'].map((verb) => ['cache', verb]);
  const calls = [[], ...commandNames().map((name) => [name]), ...groups];
  return new Set(calls.flatMap((call) => [...helpOf(call).matchAll(/--[a-z][\w-]*/g)].map(([flag]) => flag)));
}

function commandNames(): readonly string[] {
  const verbs = [...helpOf([]).matchAll(/^ {2}(?<verb>[a-z]+)(?=[ |])/gm)].map(
    (match) => match.groups?.['verb'] ?? '',
  );
  return verbs.filter((verb) => verb !== 'help' && verb !== 'layerwright');
}

function helpOf(call: readonly string[]): string {
  const written: string[] = [];
  try {
    createProgram(
      '0.0.0',
      silentSurroundings((text) => written.push(text)),
    ).parse([...call, '--help']);
  } catch {
    // Help ends with an exception, as commander has it.
  }
  return written.join('');
}
