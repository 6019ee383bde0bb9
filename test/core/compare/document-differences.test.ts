import { describe, expect, test } from 'vitest';
import { formatDifference, placedIn, type Found } from '../../../src/core/compare/difference.ts';
import {
  configDifferences,
  descriptorDifferences,
  manifestDifferences,
  spellingDifferences,
} from '../../../src/core/compare/document-differences.ts';
import { gzipHeaderDifferences } from '../../../src/core/compare/gzip-differences.ts';
import { trustedDigest } from '../../../src/core/digest/digest.ts';
import type { ImageConfig } from '../../../src/core/oci/image-config.ts';

function said(found: Iterable<Found>): string[] {
  return [...placedIn('it', found)].map((one) =>
    formatDifference(one, { rebuilt: 'ours', given: 'theirs' }).slice('it: '.length),
  );
}

const config: ImageConfig = {
  architecture: 'amd64',
  os: 'linux',
  created: '1970-01-01T00:00:00Z',
  config: { Env: ['A=1', 'B=2'], Cmd: ['run'], Labels: { team: 'web' }, ExposedPorts: { '80/tcp': {} } },
  rootfs: { type: 'layers', diff_ids: [] },
  history: [{ created_by: 'one' }],
};

function inConfig(container: ImageConfig['config'], more: Partial<ImageConfig> = {}): string[] {
  const given = { ...config, ...more, config: { ...config.config, ...container } };
  return said(configDifferences({ rebuilt: config, given }));
}

describe('two configs', () => {
  test.each<[string, string[], string[]]>([
    ['the value of a variable', inConfig({ Env: ['A=1', 'B=3'] }), ['env `B` `2` ≠ `3`']],
    ['a variable', inConfig({ Env: ['A=1'] }), ['env `B`: `2` in ours, nothing in theirs']],
    ['the order of variables', inConfig({ Env: ['B=2', 'A=1'] }), ['env order `A B` ≠ `B A`']],
    ['the command', inConfig({ Cmd: ['run', 'on'] }), ['cmd `["run"]` ≠ `["run","on"]`']],
    ['a label', inConfig({ Labels: { team: 'ops' } }), ['label `team` `web` ≠ `ops`']],
    ['all labels', inConfig({ Labels: {} }), ['label `team`: `web` in ours, nothing in theirs']],
    [
      'a port',
      inConfig({ ExposedPorts: { '80/tcp': {}, '81/tcp': {} } }),
      ['port `81/tcp`: `{}` in theirs, nothing in ours'],
    ],
    ['the architecture', inConfig({}, { architecture: 'arm64' }), ['architecture `amd64` ≠ `arm64`']],
    ['history', inConfig({}, { history: [{ created_by: 'two' }] }), ['history 1 created_by `one` ≠ `two`']],
    [
      'what docker adds to a config, escaped',
      inConfig({ Labels: { team: 'web', 'a\u202eb': '\u001b' } }),
      ['label `a\\u202eb`: `\\x1b` in theirs, nothing in ours'],
    ],
  ])('differ in %s', (_, found, wanted) => {
    expect(found).toEqual(wanted);
  });

  test('say what the container gets before when it was made', () => {
    expect(inConfig({ User: '1' }, { created: '2026-01-03T00:00:00Z' })).toEqual([
      'user: `1` in theirs, nothing in ours',
      'created `1970-01-01T00:00:00Z` ≠ `2026-01-03T00:00:00Z`',
    ]);
  });

  test('do not say again what follows from their layers', () => {
    const diffId = trustedDigest(`sha256:${'0'.repeat(64)}`);
    const given = { ...config, rootfs: { ...config.rootfs, diff_ids: [diffId] } };
    expect(said(configDifferences({ rebuilt: config, given }))).toEqual([]);
  });
});

test('two manifests differ in annotations, and not in what names their layers', () => {
  const rebuilt = { config: { digest: 'a', size: 1 }, layers: [1], annotations: { a: '1' } };
  const given = { config: { digest: 'b', size: 2 }, layers: [2], annotations: { a: '2' } };
  expect(said(manifestDifferences({ rebuilt, given }))).toEqual(['annotation `a` `1` ≠ `2`']);
});

test('two descriptors differ in media types, and not in digests', () => {
  const found = descriptorDifferences(
    { rebuilt: { mediaType: 'a', digest: 'x' }, given: { mediaType: 'b', digest: 'y' } },
    'layer',
  );
  expect([...found].map(({ field }) => field)).toEqual(['layer mediaType']);
});

test('a document that says the same in another order is another document', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const canonical = bytes('{"a":1,"b":2}');
  for (const other of ['{"b":2,"a":1}', '{"a":1, "b":2}']) {
    expect(said(spellingDifferences({ rebuilt: canonical, given: bytes(other) }))).toHaveLength(1);
  }
  expect(said(spellingDifferences({ rebuilt: canonical, given: bytes('{"z":1}') }))).toEqual([]);
});

describe('two gzip headers', () => {
  const ours = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);

  test('differ in time, system and name', () => {
    const theirs = Uint8Array.of(0x1f, 0x8b, 8, 8, 1, 0, 0, 0, 2, 3, ...Buffer.from('app.tar\0'), 1, 2);
    expect(said(gzipHeaderDifferences({ rebuilt: ours, given: theirs }))).toEqual([
      'gzip header mtime 0 ≠ 1',
      'gzip header OS 255 ≠ 3',
      'gzip header XFL 0 ≠ 2',
      'gzip header name `` ≠ `app.tar`',
    ]);
  });

  test('may hold extra fields before the name', () => {
    const theirs = Uint8Array.of(0x1f, 0x8b, 8, 12, 0, 0, 0, 0, 0, 255, 2, 0, 7, 7, 0x78, 0);
    expect(said(gzipHeaderDifferences({ rebuilt: ours, given: theirs }))).toEqual([
      'gzip header name `` ≠ `x`',
      'gzip header flags 0 ≠ 4',
    ]);
  });
});
