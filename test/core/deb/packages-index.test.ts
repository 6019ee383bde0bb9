import { describe, expect, it } from 'vitest';
import { parsePackages } from '../../../src/core/deb/packages-index.ts';
import { indexOf, stanza } from './stanzas.ts';

const parse = (text: string) => parsePackages(new TextEncoder().encode(text), 'bookworm main');

describe('a Packages index', () => {
  it('gives every version of a package, read when asked for', () => {
    const index = indexOf([
      {
        Package: 'a',
        Version: '1',
        Maintainer: 'Jürgen',
        Priority: 'required',
        Essential: 'yes',
        'Multi-Arch': 'foreign',
      },
      { Package: 'b', Source: 'a-source (0.9)', Depends: 'a (>= 1),\n b' },
      { Package: 'a', Version: '2', Architecture: 'all', Protected: 'yes' },
    ]);
    expect([...index.names()]).toEqual(['a', 'b']);
    expect(index.recordsOf('a')).toMatchObject([
      { version: '1', priority: 1, essential: true, multiArch: 'foreign', important: false, source: 'a' },
      { version: '2', architecture: 'all', priority: 5, essential: false, important: true },
    ]);
    expect(index.recordsOf('b')).toMatchObject([
      { source: 'a-source', depends: 'a (>= 1),\n b', filename: 'pool/b_1_amd64.deb' },
    ]);
    expect(index.recordsOf('c')).toEqual([]);
  });

  it('knows who provides a name, over lines too', () => {
    const index = indexOf([
      { Package: 'a', Provides: 'v (= 1), w,\n x' },
      { Package: 'b', Provides: 'v, v (= 2)' },
    ]);
    const providers = (name: string) => index.providersOf(name).map((record) => record.name);
    expect([providers('v'), providers('w'), providers('x'), providers('a')]).toEqual([
      ['a', 'b'],
      ['a'],
      ['a'],
      [],
    ]);
  });

  it('knows where a name is first mentioned in a field that names packages', () => {
    const text = `Package: a\nDescription: about zip\nDepends: zipper,\n zip (>= 1)\n`;
    expect(parse(text).mentionOf('zip')).toBe(text.indexOf('zip (>='));
    expect(parse(text).mentionOf('zap')).toBeUndefined();
  });

  it('may begin and end with blank lines, or be empty', () => {
    expect([
      ...parse(`\n\n${stanza({ Package: 'a' })}\n\n\n${stanza({ Package: 'b' })}\n\n`).names(),
    ]).toEqual(['a', 'b']);
    expect([...parse('').names()]).toEqual([]);
  });

  it.each([
    ['a stanza without a package', stanza({ Package: '' }), 'without a package'],
    [
      'a path out of the mirror',
      stanza({ Package: 'a' }).replace('pool/', '../pool/'),
      'no path in a mirror',
    ],
    ['a digest that is none', stanza({ Package: 'a' }).replace('0000', 'xyz'), 'SHA256'],
    ['no version', stanza({ Package: 'a' }).replace(/Version.*\n/, ''), 'has no field `version`'],
    ['a size that is none', stanza({ Package: 'a' }).replace('1000', '-1'), 'Size'],
  ])('with %s is refused', (_, text, found) => {
    expect(() => parse(text).recordsOf('a')).toThrow(found);
  });
});
