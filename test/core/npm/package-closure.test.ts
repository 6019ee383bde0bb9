import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closureOf, lockOf, type Packages, placesOf } from './sample-lock.ts';
import { dependencyGraph, folderChain } from '../../../src/core/npm/dependency-graph.ts';

const v = { version: '1.0.0' };

describe('the packages that come into an image', () => {
  it.each([
    [['dev'], ['node_modules/both', 'node_modules/may', 'node_modules/peer', 'node_modules/prod']],
    [
      ['dev', 'optional'],
      ['node_modules/peer', 'node_modules/prod'],
    ],
    [['peer'], ['node_modules/both', 'node_modules/dev', 'node_modules/may', 'node_modules/prod']],
    [
      [],
      ['node_modules/both', 'node_modules/dev', 'node_modules/may', 'node_modules/peer', 'node_modules/prod'],
    ],
  ] as const)('without %j', (omit, places) => {
    const packages = {
      'node_modules/prod': v,
      'node_modules/dev': { ...v, dev: true },
      'node_modules/may': { ...v, optional: true },
      'node_modules/both': { ...v, devOptional: true },
      'node_modules/peer': { ...v, peer: true },
      'node_modules/lost': { ...v, extraneous: true },
    };
    expect(placesOf(packages, { omit })).toEqual(places);
  });

  const binaries: Packages = {
    '': { dependencies: { tool: '1' } },
    'node_modules/tool': {
      ...v,
      optionalDependencies: { 'tool-x64': '1', 'tool-arm64': '1', 'tool-musl': '1' },
    },
    'node_modules/tool-x64': { ...v, optional: true, os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
    'node_modules/tool-arm64': {
      ...v,
      optional: true,
      os: ['linux'],
      cpu: ['arm64'],
      dependencies: { helper: '1', shared: '1' },
    },
    'node_modules/tool-musl': {
      ...v,
      optional: true,
      cpu: ['x64'],
      libc: ['musl'],
      dependencies: { shared: '1' },
    },
    'node_modules/helper': { ...v, optional: true },
    'node_modules/shared': { ...v, optional: true },
  };

  it.each([
    ['amd64', 'glibc', ['node_modules/tool', 'node_modules/tool-x64']],
    ['amd64', 'musl', ['node_modules/shared', 'node_modules/tool', 'node_modules/tool-musl']],
    [
      'arm64',
      'glibc',
      ['node_modules/helper', 'node_modules/shared', 'node_modules/tool', 'node_modules/tool-arm64'],
    ],
  ] as const)('are those for %s and %s, with what these alone need', (architecture, libc, places) => {
    expect(placesOf(binaries, { architecture, libc })).toEqual(places);
  });

  it('a package that cannot do without one for another platform goes with it, as far as it is optional', () => {
    const packages: Packages = {
      '': { dependencies: { a: '1' } },
      'node_modules/a': { ...v, optionalDependencies: { b: '1' } },
      'node_modules/b': { ...v, optional: true, dependencies: { c: '1' } },
      'node_modules/c': { ...v, optional: true, os: ['darwin'] },
    };
    expect(placesOf(packages)).toEqual(['node_modules/a']);
  });

  it('one that is needed and does not fit is an error that names it', () => {
    const { problems } = closureOf({ 'node_modules/mac': { ...v, os: ['darwin'] } });
    expect(problems).toMatchObject([{ code: 'npm/platform' }]);
    expect(problems[0]?.message).toContain('mac@1.0.0');
  });

  it.each([
    [['!win32'], true],
    [['!linux'], false],
    [['linux', '!darwin'], true],
    [['any'], true],
    [[], true],
    [['darwin'], false],
  ] as const)('reads os: %j', (os, fits) => {
    expect(closureOf({ 'node_modules/a': { ...v, os } }).problems).toHaveLength(fits ? 0 : 1);
  });
});

describe('workspaces and folders', () => {
  const project: Packages = {
    '': { workspaces: ['packages/*'] },
    'node_modules/api': { resolved: 'packages/api', link: true },
    'node_modules/lib': { resolved: 'packages/lib', link: true },
    'node_modules/x': { version: '2.0.0' },
    'node_modules/y': { ...v, dependencies: { x: '^2.0.0' } },
    'node_modules/test': { ...v, dev: true },
    'packages/api': { ...v, dependencies: { lib: '*', x: '^1.0.0', y: '1' }, devDependencies: { test: '1' } },
    'packages/api/node_modules/x': { version: '1.0.0' },
    'packages/lib': { ...v, dependencies: { z: '1' } },
    'packages/lib/node_modules/z': v,
  };

  it('stand where their links were, with their own packages', () => {
    expect(placesOf(project)).toEqual([
      'node_modules/api = packages/api',
      'node_modules/api/node_modules/x = packages/api/node_modules/x',
      'node_modules/lib = packages/lib',
      'node_modules/lib/node_modules/z = packages/lib/node_modules/z',
      'node_modules/x',
      'node_modules/y',
    ]);
  });

  it('one of them alone has what it reaches, and what its own packages hide is laid down again', () => {
    expect(placesOf(project, { project: 'packages/api' })).toEqual([
      'node_modules/lib = packages/lib',
      'node_modules/lib/node_modules/z = packages/lib/node_modules/z',
      'node_modules/x = packages/api/node_modules/x',
      'node_modules/y',
      'node_modules/y/node_modules/x = node_modules/x',
    ]);
  });

  it('links in a circle end', () => {
    const packages: Packages = {
      'node_modules/a': { resolved: 'a', link: true },
      a: { ...v, dependencies: { b: 'file:../b' } },
      'a/node_modules/b': { resolved: 'b', link: true },
      b: { ...v, dependencies: { a: 'file:../a' } },
      'b/node_modules/a': { resolved: 'a', link: true },
    };
    expect(placesOf(packages)).toEqual(['node_modules/a = a', 'node_modules/a/node_modules/b = b']);
  });
});

describe('for any project', () => {
  const names = ['a', 'b', 'c', 'd', '@s/e'];
  const dependencies = fc.dictionary(fc.constantFrom(...names), fc.constant('*'), { maxKeys: 3 });
  const entry = fc.record({
    dependencies,
    optionalDependencies: dependencies,
    optional: fc.boolean(),
    os: fc.option(fc.constantFrom(['linux'], ['darwin']), { nil: undefined }),
  });
  const locations = fc
    .tuple(fc.constantFrom(...names), fc.option(fc.constantFrom(...names), { nil: undefined }))
    .map(([name, nested]) =>
      nested === undefined ? `node_modules/${name}` : `node_modules/${name}/node_modules/${nested}`,
    );
  const projects = fc.dictionary(locations, entry, { maxKeys: 12 });

  it('the closure keeps the layout of the lock, and leaves out what does not fit', () => {
    fc.assert(
      fc.property(projects, (packages) => {
        const { packages: found } = closureOf(packages);
        for (const { place, locked } of found) {
          expect(place).toBe(locked.location);
          expect(locked.optional && locked.os?.[0] === 'darwin').toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('a workspace finds each of its packages in the version that it finds in the project', () => {
    // What is optional npm knows, and marks; here nothing is.
    const plain = fc.record({ dependencies });
    const others = fc.dictionary(locations, plain, { maxKeys: 12 });
    const workspaces = fc.tuple(others, dependencies, fc.dictionary(fc.constantFrom(...names), plain));
    fc.assert(
      fc.property(workspaces, ([around, wanted, own]) => {
        const packages: Packages = {
          ...around,
          'node_modules/web': { resolved: 'packages/web', link: true },
          'packages/web': { dependencies: wanted },
          ...Object.fromEntries(
            Object.entries(own).map(([name, one]) => [`packages/web/node_modules/${name}`, one]),
          ),
        };
        const graph = dependencyGraph(lockOf(packages));
        const { packages: found } = closureOf(packages, { project: 'packages/web' });
        const at = new Map(found.map(({ place, locked }) => [place, locked.location]));
        const places = [['', 'packages/web'] as const, ...at];
        for (const [place, location] of places) {
          for (const { name, to } of graph.from(location)) {
            const seen = [...folderChain(place)]
              .map((folder) =>
                at.get(folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`),
              )
              .find((one) => one !== undefined);
            if (seen !== undefined || [...at.values()].includes(to)) expect(seen).toBe(to);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
