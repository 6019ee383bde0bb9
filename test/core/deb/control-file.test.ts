import { describe, expect, it } from 'vitest';
import { fieldOf, parseControl, parseSingleControl, wordsOf } from '../../../src/core/deb/control-file.ts';

const valuesOf = (text: string) =>
  parseControl(text, 'a file').map(({ fields }) =>
    [...fields.values()].map(({ name, value }) => [name, value]),
  );

describe('control files', () => {
  it('are stanzas of fields, with continuations and comments', () => {
    const text =
      '\n# who\nPackage: a\nDescription: short\n long\n .\n\tend\n\n\nPackage:  b  \n# no field\nEmpty:\n';
    expect(valuesOf(text)).toEqual([
      [
        ['Package', 'a'],
        ['Description', 'short\n long\n .\n\tend'],
      ],
      [
        ['Package', 'b'],
        ['Empty', ''],
      ],
    ]);
  });

  it('end their lines with or without a carriage return, and need no line feed at their end', () => {
    expect(valuesOf('A: 1\r\nB: 2\r\n 3\r\n\r\nA: 4')).toEqual([
      [
        ['A', '1'],
        ['B', '2\n 3'],
      ],
      [['A', '4']],
    ]);
  });

  it('are asked for a field whatever its case', () => {
    expect(fieldOf(parseSingleControl('PRE-depends: a', 'x'), 'pre-depends')).toBe('a');
    expect(wordsOf(' a\n b  c ')).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['no field', 'A: 1\nnothing here', 'line 2 is no field'],
    ['a continuation of nothing', ' x', 'line 1 continues no field'],
    ['a field twice', 'A: 1\na: 2', 'a second time'],
    ['a name that begins with a dash', '-A: 1', 'is no field'],
    ['a blank before the colon', 'A : 1', 'is no field'],
  ])('with %s are refused', (_, text, found) => {
    expect(() => parseControl(text, 'a file')).toThrow(found);
  });

  it('that must have one stanza have exactly one', () => {
    expect(() => parseSingleControl('', 'a file')).toThrow('is empty');
    expect(() => parseSingleControl('A: 1\n\nA: 2', 'a file')).toThrow('more than one');
  });
});
