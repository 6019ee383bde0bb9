import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitCommand } from '../../../src/core/recipe/split-command.ts';
import { isSignal, normalCapability } from '../../../src/core/recipe/value/linux-names.ts';
import { parseDuration, parseSize } from '../../../src/core/recipe/value/parse-quantity.ts';
import { parseRfc3339, parseSeconds } from '../../../src/core/recipe/value/parse-time.ts';
import { isXattrName, parseXattr } from '../../../src/core/recipe/value/parse-xattr.ts';

describe('times', () => {
  it.each([
    ['1970-01-01T00:00:00Z', { seconds: 0 }],
    ['2026-01-31T12:00:00Z', { seconds: 1769860800 }],
    ['2026-01-31T12:00:00+01:30', { seconds: 1769855400 }],
    ['2026-01-31T12:00:00.25-00:00', { seconds: 1769860800, nanoseconds: 250000000 }],
    ['1969-12-31t23:59:59z', { seconds: -1 }],
    ['2000-02-29T00:00:00Z', { seconds: 951782400 }],
    ['2016-12-31T23:59:60Z', { seconds: 1483228800 }],
    ['1900-02-29T00:00:00Z', undefined],
    ['2026-13-01T00:00:00Z', undefined],
    ['2026-01-31T24:00:00Z', undefined],
    ['2026-01-31T12:00:00', undefined],
    ['2026-01-31', undefined],
    ['2026-01-31T12:00:00+24:00', undefined],
    ['9999-12-31T23:59:60Z', undefined],
    ['9999-12-31T23:59:59-00:01', undefined],
    ['0000-01-01T00:00:00+00:01', undefined],
    ['0000-01-01T00:00:00Z', { seconds: -62167219200 }],
  ])('reads %s', (text, expected) => {
    expect(parseRfc3339(text)).toEqual(expected);
  });

  it('agrees with Date on every time that Date knows', () => {
    const years = {
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    };
    fc.assert(
      fc.property(fc.date(years), (date) => {
        const time = parseRfc3339(date.toISOString());
        expect((time?.seconds ?? NaN) * 1000 + (time?.nanoseconds ?? 0) / 1e6).toBe(date.getTime());
      }),
    );
  });

  it('reads seconds as they are', () => {
    expect(
      ['0', '-0', '-5', '1769860800', '1.5', '1e3', 'x', ''].map((text) => parseSeconds(text)?.seconds),
    ).toEqual([0, 0, -5, 1769860800, undefined, undefined, undefined, undefined]);
  });
});

describe('quantities', () => {
  it.each([
    ['0', 0],
    ['30s', 30e9],
    ['1m30s', 90e9],
    ['1.5h', 5400e9],
    ['500ms', 5e8],
    ['10us', 1e4],
    ['30', undefined],
    ['s', undefined],
    ['-1s', undefined],
    ['1s 2s', undefined],
    ['9'.repeat(40) + 'h', undefined],
  ])('reads the duration %s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each([
    ['1', 1],
    ['512m', 536870912],
    ['512M', 536870912],
    ['1g', 1073741824],
    ['1.5GiB', 1610612736],
    ['2kb', 2048],
    ['100b', 100],
    ['0', undefined],
    ['-1', undefined],
    ['lots', undefined],
    ['1.3', undefined],
    ['9999999t', undefined],
  ])('reads the size %s', (text, expected) => {
    expect(parseSize(text)).toBe(expected);
  });
});

describe('extended attributes', () => {
  it.each([
    ['text', 'dGV4dA=='],
    ['', ''],
    ['0x00ff', 'AP8='],
    ['0X0', undefined],
    ['0xzz', undefined],
    ['0sAP8=', 'AP8='],
    ['0s*', undefined],
    ['é', 'w6k='],
  ])('reads %j', (text, expected) => {
    expect(parseXattr(text)).toBe(expected);
  });

  it('refuses a value that Linux has no room for', () => {
    expect(parseXattr('x'.repeat(65_537))).toBeUndefined();
  });

  it('knows names by their namespace', () => {
    const names = [
      'user.a',
      'security.capability',
      'trusted.x',
      'system.posix_acl_access',
      'a',
      'user.',
      'foo.bar',
    ];
    expect(names.map(isXattrName)).toEqual([true, true, true, true, false, false, false]);
  });
});

describe('names of Linux', () => {
  it('knows signals', () => {
    const good = ['SIGTERM', 'SIGRTMIN', 'SIGRTMIN+3', 'SIGRTMAX-2', '9', '64'];
    const bad = ['TERM', 'sigterm', 'SIGRTMIN+31', '0', '65', 'SIGFOO', ''];
    expect(good.map(isSignal)).toEqual(good.map(() => true));
    expect(bad.map(isSignal)).toEqual(bad.map(() => false));
  });

  it('writes capabilities in full', () => {
    expect(['net_admin', 'CAP_SYS_TIME', 'all', 'NET'].map(normalCapability)).toEqual([
      'CAP_NET_ADMIN',
      'CAP_SYS_TIME',
      'ALL',
      undefined,
    ]);
  });
});

describe('splitCommand', () => {
  it.each([
    ['node server.js', '[node, server.js]'],
    ['node "a b" \'c d\'', '[node, "a b", "c d"]'],
    ['  /usr/bin/env  -i  ', '[/usr/bin/env, "-i"]'],
    ['a && b | c', '[/bin/sh, "-c", "a && b | c"]'],
    ['echo $HOME', '[/bin/sh, "-c", "echo $HOME"]'],
    ['sleep 5', '[sleep, "5"]'],
    ['test true', '[test, "true"]'],
  ])('shows %s as %s', (text, expected) => {
    expect(splitCommand(text)).toBe(expected);
  });
});
