import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readingPlaces, tableFor, type Wanted } from '../../../src/io/registry/reading-places.ts';
import { parseRegistriesConf, type RegistryTable } from '../../../src/io/registry/registries-conf.ts';
import { registriesConfOf } from '../../../src/io/registry/registries-conf-files.ts';
import { failureOf } from '../../rigs/registry-harness.ts';

function tables(text: string): readonly RegistryTable[] {
  const parsed = parseRegistriesConf(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.tables;
}

describe('a registries.conf', () => {
  test('is read with its mirrors', () => {
    const text = `
unqualified-search-registries = ["docker.io"]
short-name-mode = "enforcing"
[aliases]
"debian" = "docker.io/library/debian"
[[registry]]
prefix = "example.test/foo/"
location = "internal.test:5000/bar"
insecure = true
[[registry.mirror]]
location = "mirror-a.test"
pull-from-mirror = "digest-only"
[[registry.mirror]]
location = "mirror-b.test/x"
insecure = true
[[registry]]
location = "blocked.test"
blocked = true`;
    expect(tables(text)).toEqual([
      {
        prefix: 'example.test/foo',
        location: 'internal.test:5000/bar',
        transport: 'tls-or-http',
        blocked: 'open',
        mirrors: [
          { location: 'mirror-a.test', transport: 'tls', pulls: 'digest-only' },
          { location: 'mirror-b.test/x', transport: 'tls-or-http', pulls: 'all' },
        ],
      },
      { prefix: 'blocked.test', location: 'blocked.test', transport: 'tls', blocked: 'blocked', mirrors: [] },
    ]);
  });

  test.each([
    ['[[registry]', 'is not TOML, line 1: '],
    ['[[registry]]', 'has a [[registry]] without `prefix` and `location`'],
    ['[[registry]]\nprefix = "a.test"', 'has no `location` for "a.test"'],
    ['[[registry]]\nlocation = "https://a.test"', 'is written without a scheme'],
    ['[[registry]]\nlocation = "a.test/b:1"', 'is not HOST[:PORT][/PATH]'],
    ['[[registry]]\nlocation = 7', 'has a `location` that is no text'],
    [
      '[[registry]]\nlocation = "a.test"\ninsecure = "yes"',
      'has a `insecure` that is neither true nor false',
    ],
    ['[[registry]]\nprefix = "*.a.test/b"', 'a wildcard is *.DOMAIN'],
    ['[registry]\nlocation = "a.test"', 'it is written [[registry]]'],
    [
      '[[registry]]\nlocation = "a.test"\n[[registry.mirror]]',
      'has a [[registry.mirror]] without `location`',
    ],
    [
      '[[registry]]\nlocation = "a.test"\n[[registry.mirror]]\nlocation = "m.test"\npull-from-mirror = "x"',
      'has "x" as `pull-from-mirror`',
    ],
    [
      '[[registry]]\nlocation = "a.test"\nmirror-by-digest-only = true\n[[registry.mirror]]\nlocation = "m.test"\npull-from-mirror = "all"',
      'has `pull-from-mirror` beside `mirror-by-digest-only`',
    ],
    ['[registries.search]\nregistries = ["a.test"]', 'is of version 1'],
  ])('of %j is refused', (text, problem) => {
    const parsed = parseRegistriesConf(text);
    expect(parsed).toMatchObject({ ok: false });
    expect(parsed.ok ? '' : parsed.problem).toContain(problem);
  });
});

/** `HOST NAME` of each place, in order. */
function places(text: string, reference: string, by: Wanted['by'] = 'tag'): string[] {
  const slash = reference.indexOf('/');
  const wanted = { registry: reference.slice(0, slash), name: reference.slice(slash + 1), by };
  return readingPlaces(tableFor(tables(text), wanted), wanted).map(
    ({ registry, name, transport }) => `${registry} ${name}${transport === 'tls' ? '' : ' http'}`,
  );
}

describe('an image is looked for', () => {
  test('at its own place where no table is for it', () => {
    expect(places('', 'example.test/a/b')).toEqual(['example.test a/b']);
  });

  const moved =
    '[[registry]]\nprefix = "example.test/foo"\nlocation = "internal.test:5000/bar"\ninsecure = true';
  test.each([
    ['example.test/foo/app', 'internal.test:5000 bar/app http'],
    ['example.test/foo', 'internal.test:5000 bar http'],
    ['example.test/food/app', 'example.test food/app'],
    ['example.test/app', 'example.test app'],
    ['example.test:8443/foo/app', 'example.test:8443 foo/app'],
    ['not-example.test/foo/app', 'not-example.test foo/app'],
  ])('for %s at %s', (reference, place) => {
    expect(places(moved, reference)).toEqual([place]);
  });

  test('at its mirrors first, in their order', () => {
    const text = `[[registry]]\nlocation = "docker.io"
[[registry.mirror]]\nlocation = "mirror.test/hub"\n[[registry.mirror]]\nlocation = "other.test"\ninsecure = true`;
    expect(places(text, 'docker.io/library/node')).toEqual([
      'mirror.test hub/library/node',
      'other.test library/node http',
      'docker.io library/node',
    ]);
  });

  test('at mirrors for its kind of reference only', () => {
    const text = `[[registry]]\nlocation = "a.test"
[[registry.mirror]]\nlocation = "d.test"\npull-from-mirror = "digest-only"
[[registry.mirror]]\nlocation = "t.test"\npull-from-mirror = "tag-only"`;
    expect(places(text, 'a.test/x')).toEqual(['t.test x', 'a.test x']);
    expect(places(text, 'a.test/x', 'digest')).toEqual(['d.test x', 'a.test x']);
    const byDigest =
      '[[registry]]\nlocation = "a.test"\nmirror-by-digest-only = true\n[[registry.mirror]]\nlocation = "m.test"';
    expect(places(byDigest, 'a.test/x')).toEqual(['a.test x']);
    expect(places(byDigest, 'a.test/x', 'digest')).toEqual(['m.test x', 'a.test x']);
  });

  test('by the table with the longest prefix', () => {
    const text = `[[registry]]\nlocation = "a.test"\n[[registry]]\nprefix = "a.test/b/c"\nlocation = "deep.test"
[[registry]]\nprefix = "a.test/b"\nlocation = "mid.test"`;
    expect(places(text, 'a.test/b/c/d')).toEqual(['deep.test d']);
    expect(places(text, 'a.test/b/x')).toEqual(['mid.test x']);
  });

  const wild =
    '[[registry]]\nprefix = "*.example.test"\ninsecure = true\n[[registry.mirror]]\nlocation = "m.test/all"';
  test.each([
    ['a.example.test/x', ['m.test all/x', 'a.example.test x http']],
    ['a.b.example.test:5000/x', ['m.test all/x', 'a.b.example.test:5000 x http']],
    ['example.test/x', ['example.test x']],
    ['badexample.test/x', ['badexample.test x']],
  ])('by a wildcard for %s', (reference, expected) => {
    expect(places(wild, reference)).toEqual(expected);
  });
});

describe('the files of registries.conf', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lw-conf-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const table = (prefix: string, location: string): string =>
    `[[registry]]\nprefix = "${prefix}"\nlocation = "${location}"\n`;

  async function locations(
    files: Readonly<Record<string, string>>,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Record<string, string | undefined>> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    const conf = registriesConfOf({ environment, home: join(folder, 'home'), system: join(folder, 'etc') });
    const found = await conf.tables('a.test');
    return Object.fromEntries(found.map(({ prefix, location }) => [prefix, location]));
  }

  const system = { 'etc/registries.conf': `# words\n${table('a', 'system')}` };
  const user = { 'home/.config/containers/registries.conf': table('a', 'user') };

  test('need not be there', async () => {
    expect(await locations({})).toEqual({});
    expect(await locations({ 'etc/registries.conf': '# [[registry]]\n  # x\n' })).toEqual({});
  });

  test("are the system's, or the user's instead", async () => {
    expect(await locations(system)).toEqual({ a: 'system' });
    expect(await locations(user)).toEqual({ a: 'user' });
  });

  test('are the one that is named, instead of either', async () => {
    const environment = { CONTAINERS_REGISTRIES_CONF: join(folder, 'named') };
    expect(await locations({ ...system, ...user, named: table('a', 'named') }, environment)).toEqual({
      a: 'named',
    });
  });

  test('have drop-ins, whose tables replace those before them', async () => {
    const files = {
      ...system,
      'etc/registries.conf.d/20.conf': table('a', 'twenty') + table('b', 'twenty'),
      'etc/registries.conf.d/10.conf': table('a', 'ten') + table('c', 'ten'),
      'etc/registries.conf.d/30.toml': table('a', 'not a drop-in'),
      'home/.config/containers/registries.conf.d/01.conf': table('b', 'user'),
    };
    expect(await locations(files)).toEqual({ a: 'twenty', b: 'user', c: 'ten' });
  });

  test('that are not sound, or not there although named, are errors that name them', async () => {
    const broken = await failureOf(locations({ 'etc/registries.conf': 'x' }));
    expect(broken.message).toContain(`${join(folder, 'etc/registries.conf')} is not TOML, line 1`);
    expect(broken.code).toBe('registry/conf-file');
    const environment = { CONTAINERS_REGISTRIES_CONF: join(folder, 'nothing') };
    const absent = await failureOf(locations({}, environment));
    expect(absent.message).toContain('is not there, and CONTAINERS_REGISTRIES_CONF names it');
  });
});
