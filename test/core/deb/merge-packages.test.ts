import { describe, expect, it } from 'vitest';
import { clashMessage, mergePackages } from '../../../src/core/deb/merge-packages.ts';
import { linesOf, treeOf } from './trees.ts';

interface Parts {
  readonly lines: readonly string[];
  readonly version?: string;
  readonly replaces?: string;
}

function merge(packages: Readonly<Record<string, Parts>>, mergeUsr = false) {
  const list = Object.entries(packages).map(([name, { lines, version = '1', replaces }]) => ({
    name,
    version,
    architecture: 'amd64',
    replaces,
    unpacked: treeOf(lines),
  }));
  const merged = mergePackages(list, { mergeUsr });
  return { lines: linesOf(merged.root), clashes: merged.clashes.map(clashMessage), owners: merged.owners };
}

describe('the root of several packages', () => {
  it('shares folders, as base-files has them or else the first package by name', () => {
    const { lines, clashes } = merge({
      b: { lines: ['d tmp 700', 'd var 750', 'f var/b B'] },
      a: { lines: ['d tmp', 'd var 711', 'f var/a A'] },
      'base-files': { lines: ['d tmp 1777'] },
    });
    expect(lines).toEqual(['d tmp 1777', 'd var 711', 'f var/a A', 'f var/b B']);
    expect(clashes).toEqual([]);
  });

  it('names a file that two packages have', () => {
    const { lines, clashes } = merge({ a: { lines: ['f x A'] }, b: { lines: ['f x B'] } });
    expect(lines).toEqual(['f x A']);
    expect(clashes).toEqual(['`/x` is in a and in b, and neither says that it replaces the other']);
  });

  it('gives a file to the package that replaces the other, in either order, and knows its owner', () => {
    const first = merge({ a: { lines: ['f x A'], replaces: 'b (<< 2)' }, b: { lines: ['f x B'] } });
    const second = merge({ a: { lines: ['f x A'] }, b: { lines: ['f x B'], replaces: 'a' } });
    expect([first.lines, second.lines]).toEqual([['f x A'], ['f x B']]);
    expect([first.clashes, second.clashes]).toEqual([[], []]);
    expect([...second.owners]).toEqual([['x', 'b']]);
    const tooNew = merge({ a: { lines: ['f x A'], replaces: 'b (<< 1)' }, b: { lines: ['f x B'] } });
    expect(tooNew.clashes).toHaveLength(1);
  });

  it('has merged usr where that is asked for', () => {
    const { lines } = merge(
      {
        a: {
          lines: ['d bin', 'f bin/a A', 'h bin/b bin/a', 'd lib64', 'l lib64/ld.so ../lib/ld.so', 'd etc'],
        },
        b: { lines: ['d usr', 'd usr/bin', 'f usr/bin/c C', 'd lib', 'f lib/ld.so L'] },
      },
      true,
    );
    expect(lines).toEqual([
      'l bin usr/bin',
      'd etc',
      'l lib usr/lib',
      'l lib64 usr/lib64',
      'l sbin usr/sbin',
      'd usr',
      'd usr/bin',
      'f usr/bin/a A',
      'h usr/bin/b usr/bin/a',
      'f usr/bin/c C',
      'd usr/lib',
      'f usr/lib/ld.so L',
      'd usr/lib64',
      'l usr/lib64/ld.so ../lib/ld.so',
    ]);
  });

  it('finds the clash of two files that usr’s merge puts at one path', () => {
    const { clashes } = merge({ a: { lines: ['f bin/x A'] }, b: { lines: ['f usr/bin/x B'] } }, true);
    expect(clashes).toEqual(['`/usr/bin/x` is in a and in b, and neither says that it replaces the other']);
  });

  it('keeps a link that a package brings for itself', () => {
    const { lines } = merge({ 'base-files': { lines: ['l bin usr/bin', 'd usr', 'd usr/bin'] } }, true);
    expect(lines).toContain('l bin usr/bin');
  });
});
