/** .netrc as it is written by people and by programs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findNetrc, parseNetrc } from '../../../src/io/download/netrc.ts';

const read = (text: string): string[] =>
  parseNetrc(text).map(({ machine, login, password }) => `${machine} ${login} ${password.reveal()}`);

const words = fc.stringMatching(/^[!-~]{1,12}$/);
const machines = fc.domain();
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

describe('.netrc', () => {
  it('gives the entries that were written, whatever blanks, quotes, comments and macros stand between', () => {
    const between = fc.constantFrom(' ', '\t', '\n', ' \n  ', '\r\n');
    const after = fc.constantFrom(
      '\n',
      '\n# machine x login y password z\n',
      ' account 7\n',
      '\nmacdef init\nmachine evil login a password b\n\n',
    );
    const entry = fc.record({ machine: machines, login: words, password: words, between, after });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 6 }), (entries) => {
        const text = entries.map(
          ({ machine, login, password, between: gap, after: rest }) =>
            ['machine', machine, 'login', quoted(login), 'password', quoted(password)].join(gap) + rest,
        );
        const expected = entries.map(
          ({ machine, login, password }) => `${machine.toLowerCase()} ${login} ${password}`,
        );
        expect(read(text.join(''))).toEqual(expected);
      }),
    );
  });

  it('never throws and never gives an entry that no `machine` begins', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (!text.includes('machine')) expect(read(text)).toEqual([]);
        else read(text);
      }),
    );
  });

  it.each([
    ['machine A.example login bob password p#1', ['a.example bob p#1']],
    ['machine a user bob passwd p', ['a bob p']],
    ['machine a password p login bob', ['a bob p']],
    ['machine a login bob', []],
    ['default login bob password p', []],
    ['machine a login x password y default login bob password p', ['a x y']],
    ['machine "a b" login "c d" password "e\\"f"', ['a b c d e"f']],
    ['machine a login "open password p', []],
    ['# machine a login b password c', []],
    ['macdef m\nmachine a login b password c', []],
  ])('%s', (text, entries) => {
    expect(read(text)).toEqual(entries);
  });

  it('answers with the first entry of the very host', () => {
    const entries = parseNetrc('machine a login x password 1\nmachine a login y password 2');
    expect(findNetrc(entries, 'A')?.login).toBe('x');
    expect(findNetrc(entries, 'b.a')).toBeUndefined();
  });
});
