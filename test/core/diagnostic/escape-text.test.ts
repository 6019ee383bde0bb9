import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeText, quoteText } from '../../../src/core/diagnostic/escape-text.ts';
import { pathFromBytes } from '../../../src/core/tree/image-path.ts';

describe('escapeText', () => {
  it.each([
    ['plain text', 'plain text'],
    ['żółć 日本 😀', 'żółć 日本 😀'],
    ['a\x1b[31mred', 'a\\x1b[31mred'],
    ['line\nbreak\r\t', 'line\\x0abreak\\x0d\\x09'],
    ['\0\x7f\x85\x9b', '\\x00\\x7f\\x85\\x9b'],
    ['evil\u202etxt.exe', 'evil\\u202etxt.exe'],
    ['\u2028\u2066\u061c', '\\u2028\\u2066\\u061c'],
    ['\ud800x', '\\ud800x'],
    ['x\udc00', 'x\\udc00'],
  ])('turns %j into %j', (text, expected) => {
    expect(escapeText(text)).toBe(expected);
  });

  it('shows a byte that is not UTF-8 as that byte', () => {
    expect(escapeText(pathFromBytes(Uint8Array.from([0x61, 0xff, 0xfe])))).toBe('a\\xff\\xfe');
  });

  it('never lets a control, a bidi control or half a character through', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
        (a, b) => {
          const escaped = escapeText(a + b);
          // eslint would read these as mistakes in a pattern, so they are compared as numbers.
          const units = [...escaped].map((character) => character.codePointAt(0) ?? 0);
          expect(units.every((unit) => unit >= 0x20 && !(unit >= 0x7f && unit <= 0x9f))).toBe(true);
          expect(
            units.some((unit) => (unit >= 0x202a && unit <= 0x202e) || (unit >= 0xd800 && unit <= 0xdfff)),
          ).toBe(false);
        },
      ),
    );
  });
});

describe('quoteText', () => {
  it('puts backticks around what it escapes', () => {
    expect(quoteText('a\x1bb')).toBe('`a\\x1bb`');
  });

  it('shortens a long text in the middle', () => {
    expect(quoteText('a'.repeat(50) + 'b'.repeat(50), 21)).toBe('`aaaaaaaaaa…bbbbbbbbbb`');
  });
});
