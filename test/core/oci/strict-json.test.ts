import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonValue, parseStrictJson } from '../../../src/core/oci/strict-json.ts';
import { cpuTimeOf } from './cpu-time.ts';

function parse(text: string) {
  return parseStrictJson(new TextEncoder().encode(text));
}

function reasonOf(text: string): [string, string] | 'accepted' {
  const parsed = parse(text);
  return parsed.ok ? 'accepted' : [parsed.reason, parsed.pointer];
}

describe('parseStrictJson', () => {
  it.each([
    '{}',
    '[]',
    '""',
    'null',
    'true',
    '0',
    '-1',
    ' [ 1 , {"a" : [ ] } ] \n',
    '"\\u00e9\\ud83d\\ude00\\/"',
  ])('reads %s as JSON.parse does', (text) => {
    expect(parse(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
  });

  it.each([
    ['', 'syntax', ''],
    ['{', 'syntax', ''],
    ['[1,]', 'syntax', '/1'],
    ['{"a":1,}', 'syntax', ''],
    ['{a:1}', 'syntax', ''],
    ["{'a':1}", 'syntax', ''],
    ['[1] 2', 'syntax', ''],
    ['"a\nb"', 'syntax', ''],
    ['"\\x41"', 'syntax', ''],
    ['01', 'syntax', ''],
    ['+1', 'syntax', ''],
    ['0x10', 'syntax', ''],
    ['1_000', 'syntax', ''],
    ['.5', 'syntax', ''],
    ['NaN', 'syntax', ''],
    ['Infinity', 'syntax', ''],
    ['nulls', 'syntax', ''],
    ['/* a */ 1', 'syntax', ''],
    ['\ufeff{}', 'syntax', ''],
    ['\u00a0{}', 'syntax', ''],
    ['{"size":1.5}', 'unsafe-number', '/size'],
    ['{"size":9007199254740993}', 'unsafe-number', '/size'],
    ['{"size":9007199254740992}', 'unsafe-number', '/size'],
    ['{"size":1e999}', 'unsafe-number', '/size'],
    ['{"size":1e3}', 'unsafe-number', '/size'],
    ['{"size":1.0}', 'unsafe-number', '/size'],
    ['[{"a":1,"a":1}]', 'duplicate-member', '/0/a'],
    ['{"a":1,"\\u0061":2}', 'duplicate-member', '/a'],
    ['{"layers":[],"Layers":[]}', 'case-variant-member', '/Layers'],
    ['{"layers":[],"layer\\u017f":[]}', 'case-variant-member', '/layer\u017f'],
    ['{"ok":1,"o\\u212a":2}', 'case-variant-member', '/o\u212a'],
    ['{"annotations":{"a":"1","a":"2"}}', 'duplicate-member', '/annotations/a'],
    ['{"__proto__":{}}', 'forbidden-member', '/__proto__'],
    ['{"annotations":{"__proto__":"x"}}', 'forbidden-member', '/annotations/__proto__'],
    ['"\\ud800"', 'lone-surrogate', ''],
    ['{"a/b~c":{"\\udc00":1}}', 'lone-surrogate', '/a~1b~0c'],
    [`${'['.repeat(101)}${']'.repeat(101)}`, 'too-deep', '/0'.repeat(100)],
  ])('refuses %s', (text, reason, pointer) => {
    expect(reasonOf(text)).toEqual([reason, pointer]);
  });

  it('takes the largest safe integers, and -0 as 0', () => {
    expect(parse('[9007199254740991,-9007199254740991,-0]')).toStrictEqual({
      ok: true,
      value: [9007199254740991, -9007199254740991, 0],
    });
  });

  it('keeps case variants apart where the keys are data', () => {
    expect(reasonOf('{"config":{"Labels":{"version":"1","Version":"2"}}}')).toBe('accepted');
  });

  it('refuses bytes that are not UTF-8', () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc0, 0xaf, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0xff, 0xfe, 0x7b, 0],
    ]) {
      expect(parseStrictJson(Uint8Array.from(bytes))).toMatchObject({ ok: false, reason: 'not-utf8' });
    }
  });

  it('refuses more bytes than allowed: 4 MiB unless the caller says otherwise', () => {
    const limit = 4 * 1024 * 1024;
    const exact = new TextEncoder().encode(`"${'a'.repeat(limit - 2)}"`);
    expect(parseStrictJson(exact).ok).toBe(true);
    expect(parseStrictJson(exact, { maxBytes: limit - 1 })).toMatchObject({ ok: false, reason: 'too-large' });
    expect(parseStrictJson(new Uint8Array(limit + 1).fill(0x20))).toMatchObject({
      ok: false,
      reason: 'too-large',
      message: 'it is larger than 4194304 bytes',
    });
  });

  it('gives objects that inherit nothing', () => {
    const parsed = parse('{"constructor":1,"toString":{}}');
    const value = parsed.ok ? (parsed.value as Record<string, JsonValue>) : {};
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(value['constructor']).toBe(1);
    expect(value['hasOwnProperty']).toBeUndefined();
  });

  it('ends within a second on 4 MiB of brackets, members or escapes', () => {
    const half = 2 * 1024 * 1024;
    const members = Array.from({ length: 300_000 }, (_, at) => `"k${String(at)}":1`).join(',');
    const texts = [
      '['.repeat(2 * half),
      `"${'\\n'.repeat(half - 1)}"`,
      `{${members}}`,
      `[${'1,'.repeat(half - 1)}1]`,
    ];
    for (const text of texts) {
      const time = cpuTimeOf(() => {
        parse(text);
      });
      expect(time).toBeLessThan(1000);
    }
  });

  it('shows what is wrong without control characters', () => {
    expect(parse('{"a": \x1b[31m}')).toMatchObject({
      message: 'it is not JSON: a value is missing at character 7, before `\\x1b[31m}`',
    });
    expect(parse('{"\\u001b":1,"\\u001b":2}')).toMatchObject({ message: 'the member `\\x1b` stands twice' });
  });

  it('agrees with JSON.parse on every value that JSON.stringify writes, but for what it refuses', () => {
    const unicode = fc.string({ unit: 'grapheme' });
    const json = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.maxSafeInteger(),
        unicode,
        fc.array(tie('value')),
        fc.dictionary(unicode, tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(json, (value) => {
        const text = JSON.stringify(value);
        const parsed = parse(text);
        if (parsed.ok) expect(parsed.value).toEqual(JSON.parse(text));
        else expect(['case-variant-member', 'forbidden-member']).toContain(parsed.reason);
      }),
    );
  });

  it('accepts nothing that JSON.parse refuses, and never throws', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      'a',
      '1',
      '-',
      '.',
      'e',
      'null',
      ' ',
      '\\',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        if (parse(text).ok) expect(() => JSON.parse(text) as unknown).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });
});
