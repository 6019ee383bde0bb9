import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlacer, joinPointer, placeOf } from '../../../src/core/diagnostic/source-text.ts';
import { suggest, suggestion } from '../../../src/core/diagnostic/suggest.ts';

describe('placeOf', () => {
  it('counts lines and columns from 1, in UTF-16 units', () => {
    const source = { name: 'f', text: 'a\n😀b\n' };
    expect(placeOf(source, { start: 4, end: 5 })).toEqual({
      file: 'f',
      span: { start: 4, end: 5 },
      line: 2,
      column: 3,
    });
  });

  it('stands at the end for offsets past it', () => {
    expect(placeOf({ name: 'f', text: 'a\nbc' }, { start: 99, end: 100 })).toMatchObject({
      line: 2,
      column: 3,
    });
  });

  it('says of any offset what splitting the text says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '\n', '\r\n', 'é'), { maxLength: 30 }),
        fc.nat(40),
        (parts, offset) => {
          const text = parts.join('');
          const before = text.slice(0, offset).split('\n');
          expect(createPlacer({ name: 'f', text })({ start: offset, end: offset })).toMatchObject({
            line: before.length,
            column: (before.at(-1)?.length ?? 0) + 1,
          });
        },
      ),
    );
  });
});

describe('joinPointer', () => {
  it('escapes as RFC 6901 says', () => {
    expect(joinPointer(joinPointer('', 'a/b'), 'm~n')).toBe('/a~1b/m~0n');
    expect(joinPointer('/list', 3)).toBe('/list/3');
  });
});

describe('suggest', () => {
  const known = ['platforms', 'from', 'layers', 'stopSignal', 'cmd', 'env'];

  it.each([
    ['platfroms', 'platforms'],
    ['form', 'from'],
    ['layer', 'layers'],
    ['stop_signal', 'stopSignal'],
    ['CMD', 'cmd'],
    ['evn', 'env'],
    ['nothing-like-it', undefined],
    ['x'.repeat(100_000), undefined],
  ])('takes %.20s for %s', (name, expected) => {
    expect(suggest(name, known)).toBe(expected);
  });

  it('names what there is where nothing is near', () => {
    expect(suggestion('zzz', ['a', 'b'])).toBe('known here: a, b');
    expect(suggestion('zzz', [])).toBeUndefined();
  });
});
