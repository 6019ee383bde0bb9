/** What the log of GitHub Actions gets: golden, and that nothing from outside becomes a command of the runner. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../../src/core/diagnostic/diagnostic.ts';
import { annotation } from '../../../src/io/render/annotation.ts';
import { withoutCommands, workflowCommand } from '../../../src/io/render/workflow-command.ts';
import { brokenBuild, cachedBuild, wholeBuild } from './event-stream.ts';
import { rendered } from './render-events.ts';

describe('the log of GitHub Actions', () => {
  test.each(Object.entries({ whole: wholeBuild, cached: cachedBuild, broken: brokenBuild }))(
    'of a %s build',
    async (name, events) => {
      await expect(rendered('github', events)).toMatchFileSnapshot(`golden/github-${name}.txt`);
    },
  );

  test('ends every group that it begins', () => {
    for (let count = 0; count <= wholeBuild.length; count += 1) {
      const text = rendered('github', wholeBuild.slice(0, count));
      expect(text.split('::endgroup::')).toHaveLength(text.split('::group::').length);
    }
  });
});

/** As actions/runner reads a line: `::` at its start, behind blanks, or `##[` anywhere; without characters of no width. */
function isObeyed(line: string): boolean {
  const seen = line.replaceAll(/[\p{Cf}\p{Mn}]/gu, '').trimStart();
  return seen.startsWith('::') || seen.includes('##[');
}

describe('text from outside', () => {
  test.each([
    '::error::x',
    '  ::add-mask::y',
    '\u00ad::group::z',
    ':\u200b:debug::',
    'a ##[error]b',
    '#\u200b#[x]',
  ])('%j becomes no command', (text) => {
    expect(isObeyed(text)).toBe(true);
    expect(isObeyed(withoutCommands(text))).toBe(false);
  });

  test('stays as it is where it is none', () => {
    const text = 'a::b\n[ 0.13s] std::vector #[derive] # ##\n';
    expect(withoutCommands(text)).toBe(text);
  });

  test('becomes no command, whatever it is', () => {
    const unit = fc.constantFrom(':', '#', '[', ' ', '\t', '\n', '\u00ad', '\u200b', '\u0301', 'a', ']');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 20 }), (text) => {
        expect(withoutCommands(text).split('\n').filter(isObeyed)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test('ends no command that it stands in', () => {
    const hostile = 'a\r\n::error::b,c=d:e%0Af';
    const line = workflowCommand({ name: 'error', properties: { file: hostile }, message: hostile });
    expect(line).toBe(
      '::error file=a%0D%0A%3A%3Aerror%3A%3Ab%2Cc=d%3Ae%250Af::a%0D%0A::error::b,c=d:e%250Af\n',
    );
  });
});

describe('an annotation', () => {
  const diagnostic: Diagnostic = {
    code: 'recipe/unknown-key',
    severity: 'error',
    message: 'unknown key `cpy`',
    place: { file: 'oci.config.yaml', span: { start: 0, end: 3 }, line: 3, column: 5 },
    help: 'did you mean `copy`?',
  };

  test('names file, line, column, code and cure', () => {
    expect(annotation(diagnostic, (file) => `deploy/${file}`)).toBe(
      '::error file=deploy/oci.config.yaml,line=3,col=5,title=recipe/unknown-key::' +
        'unknown key `cpy`%0Ahelp: did you mean `copy`?\n',
    );
  });

  test('of what is no file of the repository has no place', () => {
    const line = annotation({ ...diagnostic, severity: 'warning' }, () => undefined);
    expect(line).toMatch(/^::warning title=recipe\/unknown-key::unknown key/);
  });
});
