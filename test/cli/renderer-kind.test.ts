import { describe, expect, test } from 'vitest';
import { rendererKind, reportStyle, reportStyleAsked } from '../../src/cli/renderer-kind.ts';

const github = { GITHUB_ACTIONS: 'true' };

describe('how progress is shown', () => {
  test.each([
    ['a terminal', { progress: 'auto' }, true, {}, 'tty'],
    ['a terminal that cannot move its cursor', { progress: 'auto' }, true, { TERM: 'dumb' }, 'plain'],
    ['no terminal', { progress: 'auto' }, false, {}, 'plain'],
    ['no terminal, and a result in JSON', { progress: 'auto', json: true }, false, {}, 'json'],
    ['a step of GitHub Actions', { progress: 'auto' }, false, github, 'github'],
    ['a step with a result in JSON', { progress: 'auto', json: true }, false, github, 'json'],
    ['what was asked for, in a step', { progress: 'plain' }, false, github, 'plain'],
    ['what was asked for, on a terminal', { progress: 'github' }, true, {}, 'github'],
    ['quiet, whatever else', { progress: 'tty', quiet: true }, true, github, 'quiet'],
  ] as const)('%s', (...[, options, isTty, env, kind]) => {
    expect(rendererKind(options, { screen: { isTty }, env })).toBe(kind);
  });
});

describe('how an error is said', () => {
  test.each([
    [{ progress: 'auto' }, 'plain', {}, 'text'],
    [{ progress: 'json' }, 'json', github, 'json'],
    [{ progress: 'auto', json: true }, 'json', {}, 'json'],
    [{ progress: 'auto' }, 'github', {}, 'github'],
    [{ progress: 'auto' }, 'quiet', github, 'github'],
    [{ progress: 'plain' }, 'plain', github, 'text'],
  ] as const)('%o shown as %s with %o: %s', (...[options, kind, env, style]) => {
    expect(reportStyle(options, { kind, env })).toBe(style);
  });

  test.each([
    [['buld'], {}, 'text'],
    [['buld'], github, 'github'],
    [['buld', '--progress', 'plain'], github, 'text'],
    [['buld', '--progress=json'], github, 'json'],
    [['buld', '--progress=github'], {}, 'github'],
    [['buld', '--json'], github, 'json'],
  ] as const)('%o with %o, before the arguments are parsed: %s', (argv, env, style) => {
    expect(reportStyleAsked(argv, env)).toBe(style);
  });
});
