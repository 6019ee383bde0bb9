import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseChallenges } from '../../../src/io/registry/challenge.ts';

function read(header: string): unknown {
  return parseChallenges(header)?.map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
}

describe('WWW-Authenticate', () => {
  test('a bearer challenge gives its parameters', () => {
    const header =
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"';
    expect(read(header)).toEqual([
      [
        'bearer',
        {
          realm: 'https://auth.docker.io/token',
          service: 'registry.docker.io',
          scope: 'repository:a/b:pull,push',
        },
      ],
    ]);
  });

  test('several challenges in one header are told apart', () => {
    expect(read('Negotiate, Basic realm="a, b", Bearer Realm=x , service = "y"')).toEqual([
      ['negotiate', {}],
      ['basic', { realm: 'a, b' }],
      ['bearer', { realm: 'x', service: 'y' }],
    ]);
  });

  test('a token68 and empty list members are allowed', () => {
    expect(read(', Negotiate YWJj==, ,Basic realm=""')).toEqual([
      ['negotiate', {}],
      ['basic', { realm: '' }],
    ]);
  });

  test('quoted pairs are taken apart', () => {
    expect(read('Basic realm="a\\"b\\\\c"')).toEqual([['basic', { realm: 'a"b\\c' }]]);
  });

  test.each([
    ['a parameter named twice', 'Bearer realm="a",realm="b"'],
    ['a parameter named twice in two cases', 'Bearer realm="a",REALM="b"'],
    ['an open quote', 'Bearer realm="a'],
    ['an open quoted pair', 'Bearer realm="a\\'],
    ['a line break in a quoted value', 'Bearer realm="a\nb"'],
    ['no comma between parameters', 'Bearer realm="a" service="b"'],
    ['a parameter without a scheme', 'realm="a"'],
    ['a missing value', 'Bearer realm=, service="a"'],
    ['a scheme that is not a token', '@ realm="a"'],
    ['more than 8 KiB', `Bearer realm="${'a'.repeat(8192)}"`],
  ])('%s makes the header unreadable', (_, header) => {
    expect(parseChallenges(header)).toBeUndefined();
  });

  test('no text throws or takes long', () => {
    const piece = fc.constantFrom(
      'Bearer',
      ' ',
      ',',
      '=',
      '"',
      '\\',
      'realm',
      '=="',
      '\t',
      'é',
      'a'.repeat(500),
    );
    const header = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(header, (text) => {
        const start = performance.now();
        parseChallenges(text);
        return performance.now() - start < 200;
      }),
    );
  });
});
