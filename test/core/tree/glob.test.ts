import { describe, expect, it } from 'vitest';
import { createGlobFilter, matchesGlob } from '../../../src/core/tree/glob.ts';
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

describe('a list of globs', () => {
  it('matches a text by itself, without its folders', () => {
    expect(matchesGlob(['**/.env'], 'config/.env')).toBe(true);
    expect(matchesGlob(['config'], 'config/.env')).toBe(false);
  });
});
