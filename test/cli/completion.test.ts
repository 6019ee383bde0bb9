/** What completes the command, in the shells themselves: bash is everywhere, zsh and fish where they are installed. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bashCompletion } from '../../src/cli/completion/bash.ts';
import { fishCompletion } from '../../src/cli/completion/fish.ts';
import { powershellCompletion } from '../../src/cli/completion/powershell.ts';
import { zshCompletion } from '../../src/cli/completion/zsh.ts';
import { grammar } from '../../src/cli/grammar.ts';
import { hasProgram } from '../rigs/runtimes.ts';
import { scratchFolder } from '../rigs/scratch-folder.ts';

const scripts = {
  bash: bashCompletion(grammar()),
  zsh: zshCompletion(grammar()),
  fish: fishCompletion(grammar()),
  powershell: powershellCompletion(grammar()),
};

let scratch: ReturnType<typeof scratchFolder>;
beforeAll(() => {
  scratch = scratchFolder('completion');
  mkdirSync(join(scratch.path, 'dist'));
  writeFileSync(join(scratch.path, 'digest.txt'), '');
  for (const [shell, script] of Object.entries(scripts)) writeFileSync(join(scratch.path, shell), script);
});
afterAll(() => {
  scratch.remove();
});

function shell(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: scratch.path, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program}: ${String(status)} ${stderr}`);
  return stdout;
}

/** A line as it stands when the key is pressed, and what it may go on with. */
const cases: readonly (readonly [line: string, words: readonly string[]])[] = [
  ['layerwright bu', ['build', 'bundle']],
  ['layerwright cache ', ['du', 'gc', 'ls', 'verify']],
  ['layerwright cache gc --keep', ['--keep-days']],
  ['layerwright help sch', ['schema']],
  ['layerwright schema ', ['lock', 'recipe']],
  ['layerwright completion f', ['fish']],
  ['layerwright build --froz', ['--frozen-lockfile']],
  ['layerwright build --color ', ['always', 'auto', 'never']],
  ['layerwright plan --graph ', ['mermaid']],
  ['layerwright --color always plan --exit', ['--exit-code']],
  ['layerwright -C dist bui', ['build']],
  ['layerwright build --digest-file di', ['digest.txt', 'dist']],
  ['layerwright -C di', ['dist']],
];

describe('bash', () => {
  test.each(cases)('%s', (line, words) => {
    const typed = line.split(' ').map((word) => `'${word}'`);
    const call = `COMP_WORDS=(${typed.join(' ')}); COMP_CWORD=${String(typed.length - 1)}; _layerwright`;
    const found = shell('bash', ['-c', `. ./bash; ${call}; printf '%s\\n' "\${COMPREPLY[@]}"`]);
    expect(found.trim().split('\n').sort(byText)).toEqual(words);
  });

  test('offers nothing where anything may stand', () => {
    const call =
      'COMP_WORDS=(layerwright build --arg ""); COMP_CWORD=3; _layerwright; echo "${#COMPREPLY[@]}"';
    expect(shell('bash', ['-c', `. ./bash; ${call}`])).toBe('0\n');
  });
});

describe.skipIf(!hasProgram('fish'))('fish (needs fish)', () => {
  test.each(cases)('%s', (line, words) => {
    const found = shell('fish', ['--no-config', '-c', `source fish; complete -C '${line}'`]);
    const offered = found
      .trim()
      .split('\n')
      .map((row) => row.split('\t')[0]?.replace(/\/$/, '') ?? '');
    expect(offered.sort(byText)).toEqual(words);
  });
});

describe.skipIf(!hasProgram('zsh'))('zsh (needs zsh)', () => {
  // A shell in a terminal of zsh's own, whose function `layerwright` says what stood on its line in the end.
  const setup = [
    'PS1=; autoload -Uz compinit; compinit -D -u; source ./zsh',
    'layerwright() { print -r -- "<$*>" }',
    '',
  ].join('\n');
  const session = [
    'zmodload zsh/zpty; zpty shell zsh -f',
    'zpty -w shell "source ./setup"; zpty -w shell "$LINE"',
    'zpty -r shell text "*<*>*"; print -r -- "$text"; zpty -d shell',
  ].join('\n');
  beforeAll(() => {
    writeFileSync(join(scratch.path, 'setup'), setup);
  });

  test.each(cases.filter(([, words]) => words.length === 1))('%s', (line, [word = '']) => {
    const call = spawnSync('zsh', ['-f', '-c', session], {
      cwd: scratch.path,
      encoding: 'utf8',
      env: { ...process.env, LINE: `${line}\t`, TERM: 'dumb' },
    });
    const words = line.split(' ').slice(1, -1);
    expect(call.stdout).toContain(`<${[...words, word].join(' ')}`);
  });
});

test('PowerShell’s table is the golden one', async () => {
  await expect(scripts.powershell).toMatchFileSnapshot('golden/completion.ps1');
});

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
