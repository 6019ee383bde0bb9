import { describe, expect, it } from 'vitest';
import { resolvePackages, type ResolveRequest } from '../../../src/core/deb/resolve-packages.ts';
import { type Fields, indexOf } from './stanzas.ts';

interface Asked extends Partial<Omit<ResolveRequest, 'wanted'>> {
  readonly packages?: readonly Fields[];
}

/** Names with versions, or the messages of what is wrong. */
function resolve(names: string, { packages = [], ...asked }: Asked): string[] {
  const wanted = names.split(' ').map((word) => {
    const [name = '', version] = word.split('=');
    return version === undefined ? { name } : { name, version };
  });
  const sources = [{ index: indexOf(packages), priority: 500 }];
  const found = resolvePackages({ sources, wanted, architecture: 'amd64', recommends: false, ...asked });
  if (!found.ok) return found.problems.map(({ code, message, help }) => `${code}: ${message}; ${help ?? ''}`);
  return found.packages.map(({ record }) => `${record.name} ${record.version}`);
}

describe('the closure of packages', () => {
  it('holds what is needed, before it is depended on or not, and no recommendation unless asked', () => {
    const packages = [
      { Package: 'a', Depends: 'b (>= 1)', 'Pre-Depends': 'c', Recommends: 'd', Suggests: 'e' },
      { Package: 'b', Depends: 'a' },
      { Package: 'c', Architecture: 'all' },
      { Package: 'd' },
      { Package: 'e' },
      { Package: 'f', Essential: 'yes' },
    ];
    expect(resolve('a', { packages })).toEqual(['a 1', 'b 1', 'c 1']);
    expect(resolve('a', { packages, recommends: true })).toEqual(['a 1', 'b 1', 'c 1', 'd 1']);
  });

  it('takes the newest of all suites, a named version, and none that are held back', () => {
    const sources = [
      { index: indexOf([{ Package: 'a', Version: '1' }]), priority: 500 },
      { index: indexOf([{ Package: 'a', Version: '1.1' }]), priority: 500 },
      { index: indexOf([{ Package: 'a', Version: '2' }, { Package: 'new' }]), priority: 100 },
    ];
    expect(resolve('a new', { sources })).toEqual(['a 1.1', 'new 1']);
    expect(resolve('a=1', { sources })).toEqual(['a 1']);
    expect(resolve('a=2', { sources })).toEqual(['a 2']);
    expect(resolve('a=3', { sources })).toEqual([
      'deb/unknown-package: no source has version 3 of `a` for amd64; there is 2, 1.1, 1; an older one may be in a `snapshot`',
    ]);
  });

  it('has no package of another architecture', () => {
    const packages = [{ Package: 'a', Architecture: 'arm64' }];
    expect(resolve('a', { packages })).toEqual([
      'deb/unknown-package: no source has a package `a` for amd64; look whether its suite and component are among the sources',
    ]);
    expect(resolve('a', { packages, architecture: 'arm64' })).toEqual(['a 1']);
  });

  it('takes the first alternative that can be had, unless another is there already', () => {
    const packages = [
      { Package: 'a', Depends: 'gone | broken | b | c' },
      { Package: 'broken', Depends: 'gone' },
      { Package: 'b' },
      { Package: 'c' },
    ];
    expect(resolve('a', { packages })).toEqual(['a 1', 'b 1']);
    expect(resolve('a c', { packages })).toEqual(['a 1', 'c 1']);
  });

  it('does not keep what was only needed by an alternative that failed', () => {
    const packages = [
      { Package: 'a', Depends: 'x | b' },
      { Package: 'x', Depends: 'y, gone' },
      { Package: 'y' },
      { Package: 'b' },
    ];
    expect(resolve('a', { packages })).toEqual(['a 1', 'b 1']);
  });

  it('takes the package of the name before its providers, then by priority', () => {
    const provider = (name: string, rest: Fields = {}) => ({ Package: name, Provides: 'v (= 2)', ...rest });
    const packages = [{ Package: 'a', Depends: 'v' }, provider('p'), provider('q', { Priority: 'required' })];
    expect(resolve('a', { packages })).toEqual(['a 1', 'q 1']);
    expect(resolve('a', { packages: [...packages, { Package: 'v' }] })).toEqual(['a 1', 'v 1']);
  });

  it('takes a provider for a bound only where it says its version', () => {
    const packages = [
      { Package: 'a', Depends: 'v (>= 2)' },
      { Package: 'p', Provides: 'v' },
      { Package: 'q', Provides: 'v (= 1)' },
      { Package: 'r', Provides: 'v (= 2)' },
    ];
    expect(resolve('a', { packages })).toEqual(['a 1', 'r 1']);
  });

  it('takes for a name that is no package its only provider, and asks where there are several', () => {
    const packages = [
      { Package: 'p', Provides: 'v, w' },
      { Package: 'q', Provides: 'w' },
    ];
    expect(resolve('v', { packages })).toEqual(['p 1']);
    expect(resolve('w', { packages })).toEqual([
      'deb/unknown-package: `w` is no package but what several provide; name one: p, q',
    ]);
  });

  it('takes for `:any` only packages that allow it', () => {
    const packages = (multiArch: string) => [
      { Package: 'a', Depends: 'python:any' },
      { Package: 'python', 'Multi-Arch': multiArch },
    ];
    expect(resolve('a', { packages: packages('allowed') })).toEqual(['a 1', 'python 1']);
    expect(resolve('a', { packages: packages('no') })[0]).toContain('a needs python:any');
  });

  it('takes an alternative that goes together with what is wanted', () => {
    const packages = [
      { Package: 'a', Depends: 'b | c' },
      { Package: 'b', Conflicts: 'd' },
      { Package: 'c' },
      { Package: 'd' },
    ];
    expect(resolve('a d', { packages })).toEqual(['a 1', 'c 1', 'd 1']);
  });

  it('refuses packages that exclude each other', () => {
    const packages = [{ Package: 'a' }, { Package: 'b', Breaks: 'a (<< 2)' }];
    expect(resolve('a b', { packages })).toEqual([
      'deb/conflict: `b` (1) cannot be together with `a` (1): it conflicts with it or breaks it; put them into images of their own, or name another version',
    ]);
    expect(resolve('b', { packages: [{ Package: 'b', Conflicts: 'v', Provides: 'v' }] })).toEqual(['b 1']);
  });

  it('says the way to what is missing', () => {
    const packages = [
      { Package: 'a', Depends: 'b' },
      { Package: 'b', Depends: 'c (>= 2) | gone' },
      { Package: 'c' },
      { Package: 'd', Depends: 'nowhere' },
    ];
    const [of_a, of_d] = resolve('a d', { packages });
    expect(of_a).toContain('a needs b; b needs c (>= 2) | gone, but the sources have c 1');
    expect(of_d).toContain('d needs nowhere, which no source has');
  });

  it('says what a name that is not there may mean', () => {
    expect(resolve('curll', { packages: [{ Package: 'curl' }] })).toEqual([
      'deb/unknown-package: no source has a package `curll` for amd64; did you mean `curl`?',
    ]);
  });
});
