/** A lock as text and as values. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trustedDigest } from '../../../../src/core/digest/digest.ts';
import { withoutStale } from '../../../../src/core/recipe/lock/stale-entries.ts';
import { formatLock } from '../../../../src/core/recipe/lock/format-lock.ts';
import { emptyLock, withMissing, withPins } from '../../../../src/core/recipe/lock/lock.ts';
import { lockChanges } from '../../../../src/core/recipe/lock/lock-changes.ts';
import { parseLock } from '../../../../src/core/recipe/lock/parse-lock.ts';
import { pinName, pinnedReference, type PinRequest } from '../../../../src/core/recipe/lock/pin-request.ts';
import { selectPins } from '../../../../src/core/recipe/lock/select-pins.ts';
import { digest, image, images, lock, node, parsed } from './sample-lock.ts';

function problemsOf(text: string): string[] {
  const outcome = parseLock({ name: 'oci.lock', text });
  const found = outcome.ok ? [] : outcome.diagnostics;
  return found.map(({ code, place }) => `${code} ${String(place?.line)}:${String(place?.column)}`);
}

describe('the text of a lock', () => {
  it('is that of the values that it parses to, whatever they are', () => {
    const hex = fc.stringMatching(/^[0-9a-f]{64}$/).map((text) => trustedDigest(`sha256:${text}`));
    const platform = fc.constantFrom('linux/amd64', 'linux/arm64', 'linux/arm/v7', 'windows/amd64');
    const name = fc
      .stringMatching(/^[a-z]{1,8}(?:\/[a-z]{1,8})?:[a-z0-9][a-z0-9.]{0,7}$/)
      .map((text) => `x.example:5000/${text}`);
    const sets = fc.array(
      fc.tuple(name, fc.record({ digest: hex, platforms: fc.array(fc.tuple(platform, hex)) })),
    );
    fc.assert(
      fc.property(sets, fc.nat(), (entries, layerFormat) => {
        const made = entries.map(
          ([key, one]) => [key, { ...one, platforms: new Map(one.platforms) }] as const,
        );
        const value = withPins(emptyLock(layerFormat), images(made));
        const text = formatLock(value);
        expect(parsed(text).lock).toEqual(value);
        const shuffled = withPins(emptyLock(layerFormat), images([...value.images].reverse()));
        expect(formatLock(shuffled)).toBe(text);
      }),
    );
  });

  it('means the same with CRLF, comments and keys in any order, and as JSON', () => {
    const text = formatLock(lock);
    const lines = text
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('#'));
    const [version = '', format = '', ...rest] = lines;
    const others = [
      text.replaceAll('\n', '\r\n'),
      [...rest.map((line) => `${line} # it is`), format, version].join('\n'),
      JSON.stringify({
        images: {
          'ghcr.io/acme/tools:2': { platforms: { 'linux/amd64': digest('d') }, digest: digest('d') },
          [node]: {
            digest: digest('a'),
            platforms: { 'linux/arm64': digest('c'), 'linux/amd64': digest('b') },
          },
        },
        layerFormat: 1,
        lockVersion: 1,
      }),
    ];
    for (const other of others) expect(parsed(other).lock).toEqual(lock);
  });

  it('has files and packages beside images', () => {
    const hex = 'e'.repeat(64);
    const text = [
      'lockVersion: 1',
      'layerFormat: 1',
      'fetched:',
      `  https://example.com/tool: { sha256: ${hex}, size: 12 }`,
      'packages:',
      '  - deb: [tini]',
      '    suite: bookworm',
      '    platform: linux/amd64',
      '    packages:',
      `      - { name: tini, version: 0.19.0-1, path: pool/main/t/tini.deb, sha256: ${hex} }`,
    ].join('\n');
    const { lock: read } = parsed(text);
    expect(read.fetched.get('https://example.com/tool')).toEqual({ sha256: hex, size: 12 });
    expect(read.packages[0]?.packages[0]).toMatchObject({ name: 'tini', version: '0.19.0-1' });
    expect(parsed(formatLock(withMissing(read, lock))).lock).toEqual({ ...read, images: lock.images });
    const none = withoutStale(read, { images: [] }, []);
    expect([none.fetched.size, none.packages]).toEqual([0, []]);
  });

  const head = 'lockVersion: 1\nlayerFormat: 1\nimages:\n';
  const entry = (key: string, platform = 'linux/amd64') =>
    `  ${key}:\n    digest: ${digest('a')}\n    platforms:\n      ${platform}: ${digest('b')}\n`;

  it.each([
    ['nothing', '', ['lock/unreadable 1:1']],
    ['a list', '[]', ['lock/unreadable 1:1']],
    ['without a format', 'lockVersion: 1', ['lock/unreadable 1:1']],
    ['a version that is no number', 'lockVersion: one\nlayerFormat: 1', ['lock/unreadable 1:14']],
    ['a later version', 'layerFormat: 1\nlockVersion: 2\nanything: else', ['lock/version 2:14']],
    ['a reference that is not in full', `${head}${entry('node:22')}`, ['lock/unreadable 4:3']],
    ['a reference without a tag', `${head}${entry('docker.io/library/node')}`, ['lock/unreadable 4:3']],
    ['a layout', `${head}${entry('oci:base')}`, ['lock/unreadable 4:3']],
    ['a platform that is not in full', `${head}${entry(node, 'amd64')}`, ['lock/unreadable 7:7']],
    [
      'a platform with a variant that goes without saying',
      `${head}${entry(node, 'linux/arm64/v8')}`,
      ['lock/unreadable 7:7'],
    ],
    ['an entry that stands twice', `${head}${entry(node)}${entry(node)}`, ['lock/unreadable 8:3']],
    [
      'a reference with a digest that is not in full',
      `${head}${entry(`node@${digest('b')}`)}`,
      ['lock/unreadable 4:3'],
    ],
    [
      'a reference with another digest',
      `${head}${entry(`docker.io/library/node@${digest('b')}`)}`,
      ['lock/disagrees 5:13'],
    ],
    [
      'a misspelt key',
      `${head}${entry(node).replace('platforms', 'platfroms')}`,
      ['lock/unreadable 5:5', 'lock/unreadable 6:5'],
    ],
    [
      'a digest in capitals',
      `${head}${entry(node).replace(digest('b'), digest('b').toUpperCase())}`,
      ['lock/unreadable 7:20'],
    ],
    ['a key that is none of a lock’s', `${head}${entry(node)}extra: 1\n`, ['lock/unreadable 8:1']],
  ])('is refused with the place: %s', (_what, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
});

describe('a lock', () => {
  it('keeps what it says when others add to it', () => {
    const found = new Map([
      [node, image('a', { 'linux/amd64': '9', 'linux/s390x': 'e' })],
      ['ghcr.io/acme/tools:2', image('f', { 'linux/arm64': 'f' })],
      ['quay.io/new/one:1', image('1', { 'linux/amd64': '2' })],
    ]);
    const merged = withMissing(lock, images(found));
    expect(merged.images.get(node)).toEqual(
      image('a', { 'linux/amd64': 'b', 'linux/arm64': 'c', 'linux/s390x': 'e' }),
    );
    expect(merged.images.get('ghcr.io/acme/tools:2')).toEqual(lock.images.get('ghcr.io/acme/tools:2'));
    expect(merged.images.has('quay.io/new/one:1')).toBe(true);
  });

  it('tells what became of it', () => {
    const after = withPins(
      { ...lock, images: new Map([...lock.images].slice(1)) },
      images([
        ['ghcr.io/acme/tools:2', image('e', { 'linux/amd64': 'e' })],
        ['quay.io/new/one:1', image('1', { 'linux/amd64': '2' })],
      ]),
    );
    expect(lockChanges(lock, after)).toEqual([
      { reference: node, before: digest('a'), platforms: [], dropped: ['linux/amd64', 'linux/arm64'] },
      {
        reference: 'ghcr.io/acme/tools:2',
        before: digest('d'),
        after: digest('e'),
        platforms: ['linux/amd64'],
        dropped: [],
      },
      { reference: 'quay.io/new/one:1', after: digest('1'), platforms: ['linux/amd64'], dropped: [] },
    ]);
    expect(lockChanges(lock, lock)).toEqual([]);
  });

  it.each([
    ['node', [node]],
    ['node:22-slim', [node]],
    ['docker.io/library/node', [node]],
    ['ghcr.io/acme/tools', ['ghcr.io/acme/tools:2']],
    ['node:20', []],
    ['tools', []],
    ['Not A Reference', []],
  ])('is asked for by %s', (name, references) => {
    const requests = [...lock.images.keys()].flatMap((text): PinRequest[] => {
      const pinned = pinnedReference(text);
      const platform = { os: 'linux', architecture: 'amd64' };
      return pinned === undefined ? [] : [{ kind: 'image', ...pinned, platform, at: '/from' }];
    });
    const { chosen, unknown } = selectPins(requests, [name]);
    expect(chosen.map(pinName)).toEqual(references);
    expect(unknown).toEqual(references.length === 0 ? [name] : []);
  });
});
