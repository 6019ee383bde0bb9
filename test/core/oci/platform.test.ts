import { describe, expect, it } from 'vitest';
import {
  choosePlatform,
  osMatches,
  platformMatches,
  platformMatchesStrictly,
  sortByOs,
  sortByPlatform,
} from '../../../src/core/oci/match-platform.ts';
import { normalizePlatform } from '../../../src/core/oci/normalize-platform.ts';
import {
  isKnownArchitecture,
  isKnownOs,
  normalizeArchitecture,
  normalizeOs,
} from '../../../src/core/oci/platform-names.ts';
import {
  formatPlatform,
  formatPlatformInFull,
  parsePlatform,
  type Platform,
} from '../../../src/core/oci/platform.ts';
import { hasConformanceData, readConformanceData } from './conformance-data.ts';
import { cpuTimeOf } from './cpu-time.ts';

interface Sections {
  readonly parse: {
    readonly cases: readonly {
      readonly input: string;
      readonly skip?: boolean;
      readonly expected: Platform;
      readonly matches?: readonly Platform[];
      readonly formatted: string;
      readonly osOptions?: boolean;
    }[];
  };
  readonly formatAll: {
    readonly cases: readonly { readonly platform: Platform; readonly expected: string }[];
  };
  readonly invalid: { readonly cases: readonly { readonly input: string; readonly comment: string }[] };
  readonly only: { readonly cases: readonly MatchCase[] };
  readonly onlyStrict: { readonly cases: readonly MatchCase[] };
  readonly onlyOS: { readonly cases: readonly MatchCase[] };
  readonly onlyOSOrder: { readonly cases: readonly OrderCase[] };
  readonly orderOSFeatures: { readonly cases: readonly OrderCase[] };
  readonly normalize: {
    readonly os: Readonly<Record<string, string>>;
    readonly arch: readonly {
      readonly arch: string;
      readonly variant: string;
      readonly toArch: string;
      readonly toVariant: string;
    }[];
    readonly knownOS: readonly string[];
    readonly knownArch: readonly string[];
  };
  readonly windowsMatch: {
    readonly cases: readonly {
      readonly host: Platform;
      readonly candidate: Platform;
      readonly match: boolean;
    }[];
  };
}
interface MatchCase {
  readonly platform: string;
  readonly match: readonly string[];
  readonly noMatch: readonly string[];
}
interface OrderCase {
  readonly platform: string;
  readonly platforms: readonly string[];
  readonly expected: readonly string[];
}

const none = { cases: [] };
const { sections } = readConformanceData<{ sections: Sections }>('platform-cases.json', {
  sections: {
    parse: none,
    formatAll: none,
    invalid: none,
    only: none,
    onlyStrict: none,
    onlyOS: none,
    onlyOSOrder: none,
    orderOSFeatures: none,
    normalize: { os: {}, arch: [], knownOS: [], knownArch: [] },
    windowsMatch: none,
  },
});

function platform(text: string): Platform {
  const parsed = parsePlatform(text);
  if (!parsed.ok) throw new Error(`${text} refused: ${parsed.reason}`);
  return parsed.platform;
}

function verdicts(row: MatchCase, matches: (wanted: Platform, candidate: Platform) => boolean) {
  const wanted = platform(row.platform);
  return [...row.match, ...row.noMatch].filter((candidate) => matches(wanted, platform(candidate)));
}

describe.skipIf(!hasConformanceData)(
  'platforms, by platform-cases.json (skipped without ../shared/data)',
  () => {
    it('asserts every row: the number of each section', () => {
      const { normalize, ...lists } = sections;
      const counts = Object.entries(lists).map(([name, { cases }]) => [name, cases.length]);
      expect(Object.fromEntries(counts)).toEqual({
        parse: 29,
        formatAll: 9,
        invalid: 6,
        only: 13,
        onlyStrict: 13,
        onlyOS: 3,
        onlyOSOrder: 3,
        orderOSFeatures: 6,
        windowsMatch: 9,
      });
      expect(Object.keys(normalize.os)).toHaveLength(1);
      expect(normalize.arch).toHaveLength(18);
      expect(normalize.knownOS).toHaveLength(17);
      expect(normalize.knownArch).toHaveLength(24);
    });

    // Upstream skips its three rows of wildcards, since it refuses them; so do we.
    it.each(sections.parse.cases)('parses $input', (row) => {
      if (row.skip === true) {
        expect(parsePlatform(row.input)).toEqual({ ok: false, reason: 'wildcard' });
        return;
      }
      const parsed = platform(row.input);
      expect(parsed).toEqual(row.expected);
      for (const candidate of [row.expected, ...(row.matches ?? [])]) {
        expect(platformMatchesStrictly(parsed, candidate)).toBe(true);
        expect(platformMatches(parsed, candidate)).toBe(true);
      }
      const text = row.osOptions === true ? formatPlatformInFull(parsed) : formatPlatform(parsed);
      expect(text).toBe(row.formatted);
      expect(normalizePlatform(platform(text))).toEqual(normalizePlatform(parsed));
    });

    it.each(sections.formatAll.cases)('prints $expected', (row) => {
      expect(formatPlatformInFull(row.platform)).toBe(row.expected);
      expect(platform(row.expected)).toEqual(row.platform);
    });

    it.each(sections.invalid.cases)('refuses $input: $comment', (row) => {
      expect(parsePlatform(row.input).ok).toBe(false);
    });

    it.each(sections.only.cases)('knows what runs on $platform', (row) => {
      expect(verdicts(row, platformMatches)).toEqual(row.match);
    });

    it.each(sections.onlyStrict.cases)('knows what is the same as $platform', (row) => {
      expect(verdicts(row, platformMatchesStrictly)).toEqual(row.match);
    });

    it.each(sections.onlyOS.cases)('knows what has the os of $platform', (row) => {
      expect(verdicts(row, osMatches)).toEqual(row.match);
    });

    it.each(sections.onlyOSOrder.cases)('sorts by the os of $platform', (row) => {
      expect(sortByOs(row.platforms, platform(row.platform), platform)).toEqual(row.expected);
    });

    it.each(sections.orderOSFeatures.cases)('sorts for $platform', (row) => {
      expect(sortByPlatform(row.platforms, platform(row.platform), platform)).toEqual(row.expected);
    });

    it.each(Object.entries(sections.normalize.os))('translates the os %s', (os, expected) => {
      expect(normalizeOs(os)).toBe(expected);
      expect(normalizeOs(os.toUpperCase())).toBe(expected);
    });

    it.each(sections.normalize.arch)('translates $arch $variant', (row) => {
      const variants = row.variant === '*' ? ['', 'v2', 'V3'] : [row.variant];
      for (const variant of variants) {
        const expected = row.toVariant === '=' ? variant.toLowerCase() : row.toVariant;
        expect(normalizeArchitecture(row.arch.toUpperCase(), variant)).toEqual({
          architecture: row.toArch,
          variant: expected,
        });
      }
    });

    it.each(sections.normalize.knownOS)('knows the os %s', (os) => {
      expect(isKnownOs(os)).toBe(true);
      expect(platform(os)).toMatchObject({ os, architecture: 'amd64' });
    });

    it.each(sections.normalize.knownArch)('knows the architecture %s', (architecture) => {
      expect(isKnownArchitecture(architecture)).toBe(true);
      expect(platform(architecture)).toEqual({ os: 'linux', architecture });
    });

    it.each(sections.windowsMatch.cases)('compares windows versions $host $candidate', (row) => {
      expect(platformMatches(row.host, row.candidate)).toBe(row.match);
    });
  },
);

describe('choosePlatform', () => {
  const index = [
    { name: 'attestation', platform: { os: 'unknown', architecture: 'unknown' } },
    { name: '386', platform: { os: 'linux', architecture: '386' } },
    { name: 'armv5', platform: { os: 'linux', architecture: 'arm', variant: 'v5' } },
    { name: 'armv7', platform: { os: 'linux', architecture: 'arm', variant: 'v7' } },
    { name: 'amd64', platform: { os: 'linux', architecture: 'amd64' } },
    { name: 'amd64 again', platform: { os: 'linux', architecture: 'amd64' } },
    { name: 'amd64v3', platform: { os: 'linux', architecture: 'amd64', variant: 'v3' } },
    { name: 'no platform' },
  ];

  it.each<[string, string | undefined]>([
    ['linux/amd64', 'amd64'],
    ['linux/amd64/v4', 'amd64v3'],
    ['linux/amd64/v2', 'amd64'],
    ['linux/386', '386'],
    ['linux/arm64', 'armv7'],
    ['linux/arm/v6', 'armv5'],
    ['linux/arm', 'armv7'],
    ['linux/s390x', undefined],
    ['windows/amd64', undefined],
  ])('takes for %s what containerd would: %s', (wanted, expected) => {
    expect(choosePlatform(index, platform(wanted))?.name).toBe(expected);
  });

  it('finds nothing in an empty index', () => {
    const empty: readonly { readonly platform?: Platform }[] = [];
    expect(choosePlatform(empty, platform('linux/amd64'))).toBeUndefined();
  });
});

describe('platformMatches', () => {
  it.each([
    ['linux/amd64/v8.5', 'linux/amd64', false],
    ['linux/arm/v9.6', 'linux/arm/v8', false],
    ['linux/arm64/v2', 'linux/arm64', false],
    ['linux/arm64/v2', 'linux/arm64/v2', true],
    ['linux/riscv64/rva23', 'linux/riscv64', false],
  ])('takes no unknown variant for a newer one: %s on %s', (wanted, candidate, expected) => {
    expect(platformMatches(platform(wanted), platform(candidate))).toBe(expected);
  });
});

describe('parsePlatform', () => {
  it('never asks this machine: what is left out is linux/amd64 unless the caller says otherwise', () => {
    expect(platform('linux')).toEqual({ os: 'linux', architecture: 'amd64' });
    const local: Platform = { os: 'linux', architecture: 'arm', variant: 'v6' };
    expect(parsePlatform('linux', local)).toEqual({ ok: true, platform: local });
    expect(parsePlatform('arm64', { os: 'windows', architecture: 'amd64' })).toEqual({
      ok: true,
      platform: { os: 'windows', architecture: 'arm64' },
    });
  });

  it.each(['plan10', 'linux\n', 'linux/arm\0', 'linux()x', 'linux(/amd64', 'linux(%zz)/amd64', 'linux(%ff)'])(
    'refuses %j',
    (text) => {
      expect(parsePlatform(text).ok).toBe(false);
    },
  );

  it('refuses 100 kB in linear time', () => {
    const time = cpuTimeOf(() => {
      for (const text of ['a'.repeat(100_000), '/'.repeat(100_000), `linux(${'+a'.repeat(50_000)}`]) {
        expect(parsePlatform(text).ok).toBe(false);
      }
    });
    expect(time).toBeLessThan(1000);
  });
});
