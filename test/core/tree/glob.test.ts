import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { compileGlob } from '../../../src/core/tree/compile-glob.ts';
import { createGlobFilter } from '../../../src/core/tree/glob.ts';
import type { ImagePath } from '../../../src/core/tree/image-path.ts';

function taken(lists: { include?: string[]; exclude?: string[] }, paths: readonly string[]): string[] {
  const filter = createGlobFilter({ include: lists.include ?? [], exclude: lists.exclude ?? [] });
  return paths.filter((path) => filter.takes(path as ImagePath));
}

const paths = ['a.js', 'a.js.map', 'lib', 'lib/b.js', 'lib/b.js.map', 'lib/.cache/c', '.env', 'test/x.js'];

describe('include and exclude', () => {
  it('take everything where both are empty', () => {
    expect(taken({}, paths)).toEqual(paths);
  });

  it('leave out `**/*.map` at the top and in folders', () => {
    expect(taken({ exclude: ['**/*.map'] }, paths)).not.toContain('lib/b.js.map');
    expect(taken({ exclude: ['**/*.map'] }, paths)).not.toContain('a.js.map');
  });

  it('match names with a leading dot like any other', () => {
    expect(taken({ include: ['lib/*'] }, paths)).toEqual(['lib/b.js', 'lib/b.js.map', 'lib/.cache/c']);
    expect(taken({ include: ['.*'] }, paths)).toEqual(['.env']);
  });

  it('take a whole folder by its name, with or without slashes around it', () => {
    for (const folder of ['lib', 'lib/', './lib', '/lib', 'lib/**']) {
      expect(taken({ include: [folder] }, paths)).toEqual(
        expect.arrayContaining(['lib/b.js', 'lib/.cache/c']),
      );
      expect(taken({ exclude: [folder] }, paths)).not.toContain('lib/b.js');
    }
  });

  it('let exclude win over include', () => {
    expect(taken({ include: ['lib'], exclude: ['**/*.map', 'lib/.cache'] }, paths)).toEqual([
      'lib',
      'lib/b.js',
    ]);
  });

  it('stop `*` and `?` at a slash', () => {
    expect(taken({ include: ['*.js'] }, paths)).toEqual(['a.js']);
    expect(taken({ include: ['lib?b.js'] }, paths)).toEqual([]);
  });

  it('know braces and classes', () => {
    expect(taken({ include: ['{test,none}/*', '[!a-z]env'] }, paths)).toEqual(['.env', 'test/x.js']);
  });

  it('take parentheses, plus, at and exclamation mark for plain characters', () => {
    const names = ['app/(auth)/page.js', 'c++', '@scope/x', '!important', 'a|b', '$x', 'app/auth/page.js'];
    for (const name of names) expect(taken({ include: [name] }, names)).toEqual([name]);
    expect(taken({ include: ['\\(a\\)'] }, ['(a)'])).toEqual(['(a)']);
  });

  it('match names that are not UTF-8, and unclosed brackets, without a crash', () => {
    expect(taken({ include: ['caf*'] }, ['caf\udce9', 'caf\udcff.txt', 'x'])).toEqual([
      'caf\udce9',
      'caf\udcff.txt',
    ]);
    expect(taken({ include: ['[', '{a', '(', '\\'] }, ['[', 'b'])).toEqual(['[']);
  });

  it('prune a folder that is excluded', () => {
    const filter = createGlobFilter({ include: [], exclude: ['**/node_modules'] });
    expect(filter.prunes('a/node_modules' as ImagePath)).toBe(true);
    expect(filter.prunes('a' as ImagePath)).toBe(false);
  });

  it('take all of the source, its root too, for `.`', () => {
    expect(taken({ include: ['.'] }, ['', 'a', 'a/b'])).toEqual(['', 'a', 'a/b']);
  });
});

describe('a glob', () => {
  it('matches a text by itself, without its folders', () => {
    expect(compileGlob('**/.env')('config/.env')).toBe(true);
    expect(compileGlob('config')('config/.env')).toBe(false);
  });

  it.each([
    ['a**b', 'axb', true],
    ['a**b', 'a/b', false],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**', 'a/b/c', true],
    ['**', 'a/b', true],
    ['***/x', 'a/x', true],
    ['{a,b{c,d}}/e', 'bd/e', true],
    ['{a/b,c}/*.js', 'a/b/x.js', true],
    ['{a}', '{a}', true],
    ['{a,b', '{a,b', true],
    ['\\{a,b}', '{a,b}', true],
    ['[]a]', ']', true],
    ['[a-]', '-', true],
    ['[+-9]', '/', false],
    ['[^a]', '/', false],
    ['[\\]]', ']', true],
    ['caf?', 'caf\udce9', true],
    ['?', '\u{1f600}', true],
  ])('%j and %j: %j', (glob, path, matches) => {
    expect(compileGlob(glob)(path)).toBe(matches);
  });

  it('means what picomatch takes it for', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '.',
      '*',
      '**',
      '?',
      '/',
      '/**/',
      '**/',
      '[ab]',
      '[^a]',
      '{a,b}',
      '{a,*b}',
    );
    const path = fc.stringMatching(/^[ab.]{1,3}(\/[ab.]{1,3}){0,3}$/);
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), path, (pieces, text) => {
        const glob = pieces.join('').replace(/\/+/g, '/');
        fc.pre(isComparable(glob) && !text.split('/').some((name) => /^\.\.?$/.test(name)));
        // picomatch's short cut for `*.*` wants something behind the dot, where `*` elsewhere takes nothing too.
        fc.pre(!/\.(?:\/|$)/.test(text));
        const expected = picomatch(glob, { dot: true, noextglob: true, nonegate: true, windows: false })(
          text,
        );
        expect([glob, text, compileGlob(glob)(text)]).toEqual([glob, text, expected]);
      }),
      { numRuns: 5000, seed: 1169976613 },
    );
  });

  it('takes no longer for hostile patterns and names', () => {
    const started = performance.now();
    expect(compileGlob('*a*a*a*a*a*a*b')('a'.repeat(255))).toBe(false);
    expect(compileGlob('**/a/**/a/**/a/**/a/**/b')('a/'.repeat(2000))).toBe(false);
    expect(compileGlob('{a,b}'.repeat(1000))('ab')).toBe(false);
    expect(compileGlob('{'.repeat(50_000))('a')).toBe(false);
    expect(compileGlob('['.repeat(2_000))('a')).toBe(false);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

/** What picomatch has of its own: no match of a folder's own path by `a/**`, stars side by side, `.` components. */
function isComparable(glob: string): boolean {
  const components = glob.split('/');
  const plain = components.every((name) => name === '**' || !/\*\*|\*\{|\}\*|\.\.|^\.$|^$/.test(name));
  return plain && components.at(-1) !== '**' && !glob.startsWith('/') && !glob.endsWith('/');
}
