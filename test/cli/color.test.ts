import { describe, expect, test } from 'vitest';
import { colorAsked, useColor } from '../../src/cli/color.ts';

describe('colour', () => {
  test.each([
    { mode: 'auto', env: {}, isTty: true, colored: true },
    { mode: 'auto', env: {}, isTty: false, colored: false },
    { mode: 'always', env: { NO_COLOR: '1' }, isTty: false, colored: true },
    { mode: 'never', env: { FORCE_COLOR: '1' }, isTty: true, colored: false },
    { mode: 'auto', env: { NO_COLOR: '1' }, isTty: true, colored: false },
    { mode: 'auto', env: { NO_COLOR: '' }, isTty: true, colored: true },
    { mode: 'auto', env: { FORCE_COLOR: '1' }, isTty: false, colored: true },
    { mode: 'auto', env: { FORCE_COLOR: '0' }, isTty: true, colored: false },
    { mode: 'auto', env: { FORCE_COLOR: '' }, isTty: false, colored: false },
    { mode: 'auto', env: { NO_COLOR: '1', FORCE_COLOR: '1' }, isTty: true, colored: false },
  ] as const)('--color $mode with $env on a terminal: $isTty gives $colored', ({ colored, ...asked }) => {
    expect(useColor(asked.mode, asked)).toBe(colored);
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
