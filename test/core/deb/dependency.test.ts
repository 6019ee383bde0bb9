import { describe, expect, it } from 'vitest';
import { debianArchitecture } from '../../../src/core/deb/architecture.ts';
import { formatDependency, parseDependencies } from '../../../src/core/deb/dependency.ts';

const read = (text: string, architecture = 'amd64') =>
  parseDependencies(text, architecture).map((dependency) => formatDependency(dependency));

describe('dependencies', () => {
  it('are lists of alternatives with qualifiers and bounds', () => {
    expect(parseDependencies('a, b:any (>= 1:2~3-4)|c', 'amd64')).toEqual([
      [{ name: 'a' }],
      [{ name: 'b', qualifier: 'any', bound: { operator: '>=', version: '1:2~3-4' } }, { name: 'c' }],
    ]);
  });

  it('may be written without blanks, over lines, with old operators and a comma too many', () => {
    expect(read('a(=1),\n b ( << 2 ),c (< 3) , d (> 4),')).toEqual([
      'a (= 1)',
      'b (<< 2)',
      'c (<= 3)',
      'd (>= 4)',
    ]);
  });

  it('hold only on their architectures and without build profiles', () => {
    const text =
      'a [amd64 i386], b [!amd64], c [linux-any], d [any-arm64] | e, f <!nocheck>, g <stage1> <!x !y>, h <x>';
    expect(read(text)).toEqual(['a', 'c', 'e', 'f', 'g']);
    expect(read(text, 'arm64')).toEqual(['b', 'c', 'd | e', 'f', 'g']);
  });

  it.each(['a b', 'a (>= )', 'a (~ 1)', 'a (= 1_2)', '(= 1)', 'a [', 'a:'])('are not %j', (text) => {
    expect(() => read(text)).toThrow('cannot be read');
  });
});

describe('architectures', () => {
  it.each([
    [{ architecture: 'amd64' }, 'amd64'],
    [{ architecture: 'arm64', variant: 'v8' }, 'arm64'],
    [{ architecture: 'arm' }, 'armhf'],
    [{ architecture: 'arm', variant: 'v7' }, 'armhf'],
    [{ architecture: 'arm', variant: 'v5' }, 'armel'],
    [{ architecture: '386' }, 'i386'],
    [{ architecture: 'ppc64le' }, 'ppc64el'],
    [{ architecture: 'mips64le' }, 'mips64el'],
    [{ architecture: 'riscv64' }, 'riscv64'],
    [{ architecture: 'wasm' }, undefined],
  ])('of %j have Debian’s name', (platform, name) => {
    expect(debianArchitecture({ os: 'linux', ...platform })).toBe(name);
    expect(debianArchitecture({ os: 'windows', ...platform })).toBeUndefined();
  });
});
