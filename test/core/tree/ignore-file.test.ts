import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cleanPattern,
  createIgnoreMatcher,
  type IgnoreMatcher,
  parseIgnoreFile,
} from '../../../src/core/tree/ignore-file.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';

interface Case {
  readonly patterns: readonly string[];
  readonly text: string;
  readonly match: boolean;
  readonly error?: string;
}
interface Cases {
  readonly sections: {
    readonly matches: { readonly cases: readonly Case[] };
    readonly multi: { readonly cases: readonly Case[] };
    readonly glob: { readonly cases: readonly Case[] };
    readonly errors: {
      readonly cases: readonly { readonly patterns: readonly string[]; readonly error: string }[];
    };
    readonly ignoreFile: {
      readonly cases: readonly { readonly content: string; readonly expected: readonly string[] }[];
    };
  };
}

const dataFile = new URL('../../../../shared/data/ignore-pattern-cases.json', import.meta.url);
const present = existsSync(dataFile);

describe.skipIf(!present)(
  'the cases of moby/patternmatcher (skipped where ../shared/data is missing)',
  () => {
    const { sections } = present ? (JSON.parse(readFileSync(dataFile, 'utf8')) as Cases) : emptyCases;

    it('holds as many cases as it did when these tests were written', () => {
      const counts = Object.entries(sections).map(([name, section]) => [name, section.cases.length]);
      expect(Object.fromEntries(counts)).toEqual({
        matches: 68,
        multi: 13,
        glob: 54,
        errors: 2,
        ignoreFile: 1,
      });
    });

    for (const section of ['matches', 'multi', 'glob'] as const) {
      it.each(sections[section].cases.map((row) => [JSON.stringify([row.patterns, row.text]), row] as const))(
        `${section}: %s`,
        (_, { patterns, text, match, error }) => {
          const result = createIgnoreMatcher(linesOf(patterns));
          if (error !== undefined) {
            expect(result).toMatchObject({ ok: false, problems: [{ reason: 'bad-pattern' }] });
            return;
          }
          if (!result.ok) throw new Error('the patterns were refused');
          // `docs/*` with the case's own slash at the end: the folder above it is the path without it.
          expect(result.matcher.hiddenBy(text as ImagePath) !== undefined).toBe(match);
        },
      );
    }

    it('refuses what Docker refuses', () => {
      const reasons = sections.errors.cases.map(({ patterns }) => {
        const result = createIgnoreMatcher(linesOf(patterns));
        return result.ok ? undefined : result.problems[0]?.reason;
      });
      expect(reasons).toEqual(['lone-exclamation-mark', 'bad-pattern']);
    });

    it('reads the file that Docker reads', () => {
      for (const { content, expected } of sections.ignoreFile.cases) {
        expect(parseIgnoreFile(content).map((line) => line.pattern)).toEqual(expected);
      }
    });
  },
);

const emptyCases: Cases = {
  sections: {
    matches: { cases: [] },
    multi: { cases: [] },
    glob: { cases: [] },
    errors: { cases: [] },
    ignoreFile: { cases: [] },
  },
};

function linesOf(patterns: readonly string[]) {
  return parseIgnoreFile(patterns.join('\n'));
}

function matcherFor(text: string): IgnoreMatcher {
  const result = createIgnoreMatcher(parseIgnoreFile(text));
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.problems)}`);
  return result.matcher;
}

const path = (text: string) => text as ImagePath;

describe('a .dockerignore file', () => {
  it('says which line hides a path, through the folders above it', () => {
    const matcher = matcherFor('# build output\n\ndist\n!dist/keep\n*.log');
    expect(matcher.hiddenBy(path('dist/a/b.js'))).toEqual({ line: 3, text: 'dist', pattern: 'dist' });
    expect(matcher.hiddenBy(path('dist/keep/x'))).toBeUndefined();
    expect(matcher.hiddenBy(path('npm.log'))?.line).toBe(5);
    expect(matcher.hiddenBy(path('logs/npm.log'))).toBeUndefined();
  });

  it('lets the last line that matches decide', () => {
    const matcher = matcherFor('*.md\n!README*.md\nREADME-secret.md');
    expect(matcher.hiddenBy(path('a.md'))?.line).toBe(1);
    expect(matcher.hiddenBy(path('README-a.md'))).toBeUndefined();
    expect(matcher.hiddenBy(path('README-secret.md'))?.line).toBe(3);
  });

  it('knows folders below which no exception can show anything', () => {
    const matcher = matcherFor('**\n!dist/*.js\n!docs/**/x');
    expect(matcher.mayShowBelow(path('dist'))).toBe(true);
    expect(matcher.mayShowBelow(path('docs/a/b'))).toBe(true);
    expect(matcher.mayShowBelow(path('node_modules'))).toBe(false);
    expect(matcherFor('dist').mayShowBelow(path('dist'))).toBe(false);
  });

  it('takes a byte order mark and CRLF for what they are', () => {
    expect(parseIgnoreFile('\ufeffdist\r\n  /tmp/ \r\n').map((line) => line.pattern)).toEqual([
      'dist',
      'tmp',
    ]);
  });

  it('names every malformed line at once', () => {
    const result = createIgnoreMatcher(parseIgnoreFile('ok\n[\n!\na\\'));
    expect(result).toMatchObject({
      ok: false,
      problems: [
        { line: { line: 2 }, reason: 'bad-pattern' },
        { line: { line: 3 }, reason: 'lone-exclamation-mark' },
        { line: { line: 4 }, reason: 'bad-pattern' },
      ],
    });
  });

  it('matches names that are not UTF-8', () => {
    const matcher = matcherFor('caf?');
    expect(matcher.hiddenBy(path('caf\udce9'))?.line).toBe(1);
    expect(matcher.hiddenBy(path('caf\udce9\udce9'))).toBeUndefined();
  });

  it('cleans as Go does', () => {
    expect(['a//b/', './a', 'a/../b', '../a', '/..', '.', 'a/..', '/'].map(cleanPattern)).toEqual([
      'a/b',
      'a',
      'b',
      '../a',
      '/',
      '.',
      '.',
      '/',
    ]);
  });

  it('takes no longer for hostile patterns and names', () => {
    const matcher = matcherFor(`${'**/a*'.repeat(50)}b\n${'*a'.repeat(60)}b\n${'(a+)+'.repeat(20)}`);
    const started = performance.now();
    expect(matcher.hiddenBy(path('a/'.repeat(1000) + 'a'.repeat(2000)))).toBeUndefined();
    // 1,000 folders above a path of 4,000 characters, 100 states: seconds at most, where backtracking takes years.
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('agrees with a plain regular expression on random patterns', () => {
    const piece = fc.constantFrom('a', 'b', '*', '?', '**', '**/', '/', '[ab]', '[^a]', '.');
    const name = fc.stringMatching(/^[ab.]{1,3}(\/[ab.]{1,3}){0,3}$/);
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), name, (pieces, text) => {
        const pattern = cleanPattern(pieces.join(''));
        const result = createIgnoreMatcher([{ line: 1, text: pattern, pattern }]);
        if (!result.ok || pattern.startsWith('/') || pattern.includes('***')) return;
        expect(result.matcher.hiddenBy(path(text)) !== undefined).toBe(mobyMatches(pattern, text));
      }),
      { numRuns: 2000 },
    );
  });
});

/** MatchesOrParentMatches for one pattern, by way of a backtracking expression as moby builds it. */
function mobyMatches(pattern: string, text: string): boolean {
  const parts = text.split('/');
  return parts.some((_, index) => mobyMatchesOne(pattern, parts.slice(0, index + 1).join('/')));
}

function mobyMatchesOne(pattern: string, text: string): boolean {
  const tail = pattern.slice(2);
  if (pattern.startsWith('**') && !/[*?[\]]/.test(tail)) {
    return text.endsWith(tail) || (tail.startsWith('/') && text === tail.slice(1));
  }
  const source = pattern.replace(/\*\*\/?$|\*\*\/?|\*|\?|\[\^?[ab]+\]|[.]/g, (found, at: number) => {
    if (found.startsWith('**')) return at + found.length === pattern.length ? '[^]*' : '(?:[^]*/)?';
    if (found === '*') return '[^/]*';
    if (found === '?') return '[^/]';
    return found === '.' ? '\\.' : found;
  });
  return new RegExp(`^${source}$`).test(text);
}
