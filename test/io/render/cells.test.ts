import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellsOf, columnOf, fitCells, padCells, rowsOf, wrapCells } from '../../../src/io/render/cells.ts';

describe('cells of a terminal', () => {
  test.each([
    ['plain', 5],
    ['', 0],
    ['配置', 4],
    ['e\u0301', 1],
    ['🐳', 2],
    ['…', 1],
  ])('%s takes %i', (text, cells) => {
    expect(cellsOf(text)).toBe(cells);
  });

  test('a text is cut between characters, never within one', () => {
    expect(fitCells('abc', 3)).toBe('abc');
    expect(fitCells('abcd', 3)).toBe('ab…');
    expect(fitCells('🐳🐳', 3)).toBe('🐳…');
    expect(fitCells('🐳🐳', 2)).toBe('…');
    expect(fitCells('abc', 0)).toBe('');
  });

  test('what is cut always fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, room) => {
        expect(cellsOf(fitCells(text, room))).toBeLessThanOrEqual(room);
      }),
    );
  });

  test('blanks fill a column, and a text that is longer stays whole', () => {
    expect(padCells('配', 4)).toBe('配  ');
    expect(padCells('longer', 4)).toBe('longer');
  });

  test('a column is as wide as its widest text, up to a bound', () => {
    expect(columnOf([], 10)).toBe(0);
    expect(columnOf(['a', '配置'], 10)).toBe(4);
    expect(columnOf(['a'.repeat(20), 'b'], 10)).toBe(10);
  });
});

describe('a text that is broken into lines', () => {
  test('is broken at blanks, and keeps those within a line', () => {
    expect(wrapCells('a  bc def', 5)).toEqual(['a  bc', 'def']);
    expect(wrapCells('', 5)).toEqual([]);
  });

  test('keeps a quantity together with its unit', () => {
    expect(wrapCells('wrote 1 blob (49.1 MB new)', 19)).toEqual(['wrote 1 blob', '(49.1 MB new)']);
    expect(wrapCells('copy 130 B  0.3 s', 14)).toEqual(['copy 130 B', '0.3 s']);
  });

  test('keeps a word whole that is longer than a line', () => {
    expect(wrapCells('a very-long-word b', 4)).toEqual(['a', 'very-long-word', 'b']);
  });

  test('loses nothing but blanks', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', '1', 'B', '配') }),
        fc.nat(12),
        (text, room) => {
          expect(wrapCells(text, room).join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        },
      ),
    );
  });
});

test('a text takes as many rows as it has cells for', () => {
  expect([rowsOf('', 4), rowsOf('abcd', 4), rowsOf('abcde', 4), rowsOf('配配配', 4)]).toEqual([1, 1, 2, 2]);
});
