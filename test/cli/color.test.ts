import { describe, expect, test } from 'vitest';
import { colorAsked, useColor } from '../../src/cli/color.ts';

describe('colour', () => {
  test.each([
    ['auto', {}, true, true],
    ['auto', {}, false, false],
    ['always', { NO_COLOR: '1' }, false, true],
    ['never', { FORCE_COLOR: '1' }, true, false],
    ['auto', { NO_COLOR: '1' }, true, false],
    ['auto', { NO_COLOR: '' }, true, true],
    ['auto', { FORCE_COLOR: '1' }, false, true],
    ['auto', { FORCE_COLOR: '0' }, true, false],
    ['auto', { FORCE_COLOR: '' }, false, false],
    ['auto', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ] as const)('--color %s with %o on a terminal: %s gives %s', (mode, env, ...[isTty, colored]) => {
    expect(useColor(mode, { env, isTty })).toBe(colored);
  });

  test.each([
    [['build'], 'auto'],
    [['--color', 'always', 'foo'], 'always'],
    [['foo', '--color=never'], 'never'],
    [['--color'], 'auto'],
    [['--color', 'pink'], 'auto'],
  ] as const)('of arguments that cannot be parsed, %o asks for %s', (argv, mode) => {
    expect(colorAsked(argv)).toBe(mode);
  });
});
