import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { commonOptions, recipeOptions, registryOptions, separateNoCache } from '../../src/cli/options.ts';
import { buildCommands } from '../../src/cli/build-commands.ts';

/** What the options of `build` make of these arguments. */
function parse(...argv: readonly string[]): Record<string, unknown> {
  const command = new Command().exitOverride().configureOutput({ outputError: () => undefined });
  const build = buildCommands().find(({ name }) => name === 'build');
  for (const option of [...commonOptions(), ...(build?.options ?? [])]) command.addOption(option);
  command.argument('[names...]');
  command.parse(separateNoCache(argv), { from: 'user' });
  return command.opts();
}

describe('options', () => {
  test('lists repeat or split at commas, and empty items are none', () => {
    expect(parse('--platform', 'linux/amd64,linux/arm64', '--platform', 'local,')).toMatchObject({
      platform: ['linux/amd64', 'linux/arm64', 'local'],
    });
    expect(parse('-t', 'a:1,a:2', '-t', 'a:3')).toMatchObject({ tag: ['a:1', 'a:2', 'a:3'] });
    expect(parse('--plain-http', 'a,b')).toMatchObject({ plainHttp: ['a', 'b'] });
  });

  test('--arg and -o only repeat: a comma is part of the value', () => {
    expect(parse('--arg', 'A=1,2', '--arg', 'B=', '-o', 'oci:a,b', '-o', 'oci:c')).toMatchObject({
      arg: ['A=1,2', 'B='],
      output: ['oci:a,b', 'oci:c'],
    });
  });

  test('--no-cache is for all, --no-cache=LABEL for one, and both may stand together', () => {
    expect(parse()).toMatchObject({ cache: true });
    expect(parse('--no-cache')).toMatchObject({ cache: false });
    expect(parse('--no-cache=npm', '--no-cache=a,b')).toMatchObject({ cache: true, rebuild: ['npm', 'a,b'] });
    expect(parse('--no-cache', '--no-cache=npm')).toMatchObject({ cache: false, rebuild: ['npm'] });
  });

  test('what stands after -- is left alone', () => {
    expect(separateNoCache(['run', 'x', '--', '--no-cache=npm'])).toEqual([
      'run',
      'x',
      '--',
      '--no-cache=npm',
    ]);
  });

  test.each(['0', '-1', '1.5', 'x', '', ' 2', '1e3', '0x10', '99999999999999999999'])(
    '--jobs %o is no number of jobs',
    (jobs) => {
      expect(() => parse('--jobs', jobs)).toThrow('A whole number of 1 or more is needed');
    },
  );

  test('--jobs takes a number', () => {
    expect(parse('--jobs', '4')).toMatchObject({ jobs: 4 });
  });

  test.each([
    ['--progress', 'loud'],
    ['--color', 'pink'],
  ])('%s takes only what it knows', (...argv) => {
    expect(() => parse(...argv)).toThrow('Allowed choices are');
  });

  test.each(['-f x', '--arg a=b', '--platform all', '-t a:1'])('--plan leaves no room for %s', (more) => {
    expect(() => parse('--plan', 'plan.json', ...more.split(' '))).toThrow('cannot be used with');
  });

  test('every option says what it is, unless it is hidden', () => {
    for (const option of [...commonOptions(), ...recipeOptions(), ...registryOptions()]) {
      expect(option.hidden || option.description.length > 10, option.flags).toBe(true);
    }
  });
});
