import { describe, expect, it } from 'vitest';
import { commandLinks, commandsOf } from '../../../src/core/npm/command-links.ts';
import { parseIntegrity } from '../../../src/core/npm/integrity.ts';
import { firstDisagreement } from '../../../src/core/npm/lock-agreement.ts';
import { authorizationFor, tarballPlace } from '../../../src/core/npm/npm-registry.ts';
import { npmNetwork } from '../../../src/core/npm/npm-network.ts';
import { mergeSettings, parseNpmrc, settingsOfEnvironment } from '../../../src/core/npm/npmrc.ts';
import { wantedOf } from '../../../src/core/npm/package-lock.ts';
import { partOfPackage } from '../../../src/core/npm/split-packages.ts';

describe('integrity', () => {
  const sha1 = 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=';
  const sha512 = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;

  it('is the strongest that is known', () => {
    expect(parseIntegrity(`${sha1} ${sha512}?x`)).toEqual({
      kind: 'digest',
      digest: `sha512:${'07'.repeat(64)}`,
    });
    expect(parseIntegrity(sha1)).toEqual({ kind: 'sha1', hex: 'da39a3ee5e6b4b0d3255bfef95601890afd80709' });
  });

  it.each(['', 'md5-1B2M2Y8AsgTpgAmY7PhCfg==', 'sha512-abc', 'sha512-!'])('is none: %j', (text) => {
    expect(parseIntegrity(text)).toBeUndefined();
  });
});

describe('.npmrc', () => {
  it('is read as npm reads it', () => {
    const text = [
      '; a comment',
      'registry = https://one.example/npm/ ; and another',
      '@acme:registry="https://two.example"',
      '//two.example/:_authToken=${TOKEN}',
      'lost=${NOBODY}',
      'empty=${NOBODY?}',
      "single='a b'",
      'strict-ssl',
    ].join('\r\n');
    expect(Object.fromEntries(parseNpmrc(text, { TOKEN: 't0ken' }))).toEqual({
      registry: 'https://one.example/npm/',
      '@acme:registry': 'https://two.example',
      '//two.example/:_authToken': 't0ken',
      lost: '${NOBODY}',
      empty: '',
      single: 'a b',
      'strict-ssl': 'true',
    });
  });

  it('says through which proxy registries are reached, and whose certificates are trusted', () => {
    const network = (...texts: readonly string[]) => npmNetwork(texts.map((text) => parseNpmrc(text, {})));
    expect(network('proxy=http://p:1\nhttps-proxy=http://p:2')).toEqual({ proxy: 'http://p:2' });
    expect(network('proxy=http://p:1\nhttps-proxy=null\nca=null')).toEqual({ proxy: 'http://p:1' });
    expect(network('noproxy=a.example, .b.example')).toEqual({
      noProxy: 'a.example,.a.example,b.example,.b.example',
    });
    expect(network('noproxy[]=a\nnoproxy[]=b').noProxy).toBe('a,.a,b,.b');
    expect(network('ca="one\\nline"\nca[]=two').ca).toBe('one\nline\n\ntwo');
    expect(network('ca=near', 'cafile=far')).toEqual({ ca: 'near' });
    expect(network('proxy=false', 'cafile=far')).toEqual({ cafile: 'far' });
    expect(network('')).toEqual({});
  });

  it('gives way to the environment', () => {
    const env = settingsOfEnvironment({
      npm_config_registry: 'https://env.example',
      NPM_CONFIG_CACHE: '/c',
      PATH: 'x',
    });
    const merged = mergeSettings([env, parseNpmrc('registry=https://file.example\ncafile=a', {})]);
    expect(Object.fromEntries(merged)).toEqual({ registry: 'https://env.example', cache: '/c', cafile: 'a' });
  });
});

describe('where a tarball comes from', () => {
  const zod = { name: 'zod', version: '4.1.0', resolved: undefined };
  const url = (of: Parameters<typeof tarballPlace>[0], settings: string) => {
    const place = tarballPlace(of, parseNpmrc(settings, {}));
    return place.kind === 'url' ? place.url : place.kind === 'file' ? place.path : place.problem.code;
  };

  it.each([
    [zod, 'registry=https://r.example/npm/', 'https://r.example/npm/zod/-/zod-4.1.0.tgz'],
    [zod, '', 'npm/no-registry'],
    [
      { name: '@acme/a', version: '1.0.0', resolved: undefined },
      'registry=https://r.example\n@acme:registry=https://a.example/x',
      'https://a.example/x/@acme/a/-/a-1.0.0.tgz',
    ],
    [
      { ...zod, resolved: 'https://theirs.example/zod/-/zod-4.1.0.tgz' },
      '',
      'https://theirs.example/zod/-/zod-4.1.0.tgz',
    ],
    [
      { ...zod, resolved: 'https://theirs.example/zod/-/zod-4.1.0.tgz' },
      'registry=https://r.example/npm',
      'https://r.example/npm/zod/-/zod-4.1.0.tgz',
    ],
    [
      { ...zod, resolved: 'https://theirs.example/zod/-/zod-4.1.0.tgz' },
      'registry=https://r.example/npm\n//theirs.example/:_authToken=a',
      'https://theirs.example/zod/-/zod-4.1.0.tgz',
    ],
    [
      { ...zod, resolved: 'https://theirs.example/zod/-/zod-4.1.0.tgz' },
      'registry=https://r.example\nreplace-registry-host=never',
      'https://theirs.example/zod/-/zod-4.1.0.tgz',
    ],
    [
      { ...zod, resolved: 'https://files.example/zod.tar.gz' },
      'registry=https://r.example',
      'https://files.example/zod.tar.gz',
    ],
    [{ ...zod, resolved: 'file:zod.tgz' }, '', 'zod.tgz'],
    [{ ...zod, resolved: 'git+ssh://git@host.example/zod.git#abc' }, '', 'npm/no-tarball'],
  ])('%j with %j: %s', (of, settings, expected) => {
    expect(url(of, settings)).toBe(expected);
  });

  it('shows a credential to its own host and below its own path only', () => {
    const settings = parseNpmrc(
      '//r.example/npm/:_authToken=one\n//b.example/:username=u\n//b.example/:_password=cHc=\n//c.example:8080/:_auth=YTpi',
      {},
    );
    const shown = (asked: string) => authorizationFor(asked, settings);
    expect(shown('https://r.example/npm/a/-/a-1.tgz')).toBe('Bearer one');
    expect(shown('https://r.example/other/a.tgz')).toBeUndefined();
    expect(shown('https://r.example.evil.example/npm/a')).toBeUndefined();
    expect(shown('https://r.example:444/npm/a')).toBeUndefined();
    expect(shown('https://b.example/a')).toBe(`Basic ${Buffer.from('u:pw').toString('base64')}`);
    expect(shown('http://c.example:8080/a')).toBe('Basic YTpi');
  });
});

describe('commands', () => {
  it.each([
    ['./cli.js', [['own', 'cli.js']]],
    [
      { a: '../../x.js', '../b': 'b.js', 'c:d\\e': 'sub\\e.js', f: '', '..': 'g' },
      [
        ['a', 'x.js'],
        ['b', 'b.js'],
        ['e', 'sub/e.js'],
      ],
    ],
    [['bin/x'], [['x', 'bin/x']]],
    [undefined, []],
  ])('%j', (bin, expected) => {
    expect(commandsOf(bin, '@scope/own').map(({ name, file }) => [name, file])).toEqual(expected);
  });

  it('of two packages with one command the first in npm’s order has it, and links before files give way', () => {
    const of = (place: string, isLocal = false) => ({
      place,
      isLocal,
      commands: [{ name: 'run', file: 'run.js' }],
    });
    const links = commandLinks(
      [
        of('node_modules/local', true),
        of('node_modules/b'),
        of('node_modules/@z/a'),
        of('node_modules/b/node_modules/c'),
      ],
      () => true,
    );
    expect(links.map(({ path, target }) => [path, target])).toEqual([
      ['node_modules/.bin/run', '../@z/a/run.js'],
      ['node_modules/b/node_modules/.bin/run', '../c/run.js'],
    ]);
  });

  it('a file that is not there has no link', () => {
    const commands = [{ name: 'run', file: 'run.js' }];
    expect(commandLinks([{ place: 'node_modules/a', isLocal: false, commands }], () => false)).toEqual([]);
  });
});

describe('package.json and lock', () => {
  const names = { manifest: 'package.json', lock: 'package-lock.json' };
  const first = (asked: object, locked: object) =>
    firstDisagreement(wantedOf({ ...asked }), wantedOf({ ...locked }), names)?.message;

  it('agree where they ask for the same', () => {
    const same = {
      dependencies: { a: '^1.0.0', o: '1' },
      optionalDependencies: { o: '1' },
      devDependencies: { b: '2' },
    };
    expect(first(same, { ...same, dependencies: { a: '^1.0.0' } })).toBeUndefined();
  });

  it.each([
    [{ dependencies: { a: '^2.0.0' } }, { dependencies: { a: '^1.0.0' } }],
    [{ dependencies: { a: '1', b: '1' } }, { dependencies: { a: '1' } }],
    [{}, { dependencies: { a: '1' } }],
    [{ dependencies: { a: '1' } }, { devDependencies: { a: '1' } }],
  ])('%j and %j do not', (asked, locked) => {
    expect(first(asked, locked)).toMatch(/`?package.json`? (?:asks for|does not ask for)/);
  });
});

describe('packages over layers', () => {
  it('go by their names, wherever they stand', () => {
    expect(partOfPackage('node_modules/a/node_modules/@s/b', 8)).toBe(partOfPackage('node_modules/@s/b', 8));
  });

  it('are spread over all of them', () => {
    const parts = Array.from({ length: 500 }, (_, at) =>
      partOfPackage(`node_modules/package-${String(at)}`, 8),
    );
    const sizes = Array.from({ length: 8 }, (_, part) => parts.filter((one) => one === part).length);
    expect(Math.min(...sizes)).toBeGreaterThan(40);
    expect(Math.max(...sizes)).toBeLessThan(90);
  });
});
