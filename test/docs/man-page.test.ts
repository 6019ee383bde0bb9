/** The man page, as the programs see it that show it. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { grammar } from '../../src/cli/grammar.ts';
import { hasProgram } from '../rigs/runtimes.ts';

const page = resolve(import.meta.dirname, '../../docs/layerwright.1');

function run(program: string, ...args: readonly string[]): { stdout: string; stderr: string } {
  const { stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return { stdout, stderr };
}

test.skipIf(!hasProgram('groff'))('groff warns of nothing in it (needs groff)', () => {
  expect(run('groff', '-man', '-ww', '-z', page)).toEqual({ stdout: '', stderr: '' });
});

describe.skipIf(!hasProgram('mandoc'))('mandoc (needs mandoc)', () => {
  test('finds no fault in it, but that it has no date', () => {
    const { stdout } = run('mandoc', '-T', 'lint', '-W', 'warning', page);
    const faults = stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'));
    expect(faults).toEqual([]);
  });

  test('shows every command with its flags and examples', () => {
    const text = run('mandoc', '-T', 'ascii', '-O', 'width=200', page).stdout.replace(/.\x08/g, '');
    for (const { name, options, examples } of grammar().commands) {
      expect(text).toContain(`layerwright ${name}`);
      for (const example of examples) expect(text).toContain(example);
      for (const { flags } of options) expect(text).toContain(flags.join(', '));
    }
  });
});
