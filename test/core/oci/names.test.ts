import { describe, expect, it } from 'vitest';
import { isRefName } from '../../../src/core/oci/ref-name.ts';
import { opaqueWhiteout, parseWhiteout, whiteoutName } from '../../../src/core/oci/whiteout.ts';
import { hasConformanceData, readConformanceData } from './conformance-data.ts';
import { cpuTimeOf } from './cpu-time.ts';

const { cases } = readConformanceData<{
  cases: readonly { readonly refname: string; readonly valid: boolean }[];
}>('refname-cases.json', { cases: [] });

describe.skipIf(!hasConformanceData)(
  'isRefName, by refname-cases.json (skipped without ../shared/data)',
  () => {
    it('asserts every row: 22', () => {
      expect(cases).toHaveLength(22);
    });

    it.each(cases)('says $valid of $refname', ({ refname, valid }) => {
      expect(isRefName(refname)).toBe(valid);
    });
  },
);

describe('isRefName', () => {
  it('refuses control characters, and long text in linear time', () => {
    expect(isRefName('a\n')).toBe(false);
    expect(isRefName('a\0b')).toBe(false);
    const time = cpuTimeOf(() => {
      for (const text of ['a-'.repeat(50_000), '-'.repeat(100_000), 'a--'.repeat(30_000)]) {
        expect(isRefName(text)).toBe(false);
      }
    });
    expect(time).toBeLessThan(1000);
  });
});

describe('parseWhiteout', () => {
  it.each([
    ['file', { kind: 'none' }],
    ['.wh', { kind: 'none' }],
    ['.whx', { kind: 'none' }],
    ['a.wh.b', { kind: 'none' }],
    ['.WH.a', { kind: 'none' }],
    ['.wh.a', { kind: 'removed', name: 'a' }],
    ['.wh..hidden', { kind: 'removed', name: '.hidden' }],
    ['.wh....', { kind: 'removed', name: '...' }],
    ['.wh..wh..opq', { kind: 'opaque' }],
    ['.wh..wh..opq2', { kind: 'removed', name: '.wh..opq2' }],
    ['.wh..wh.plnk', { kind: 'removed', name: '.wh.plnk' }],
    ['.wh.', { kind: 'invalid' }],
    ['.wh..', { kind: 'invalid' }],
    ['.wh...', { kind: 'invalid' }],
    ['.wh.a/b', { kind: 'invalid' }],
    ['.wh.a\0', { kind: 'invalid' }],
  ])('reads %j', (name, expected) => {
    expect(parseWhiteout(name)).toEqual(expected);
  });

  it('reads what whiteoutName writes', () => {
    expect(parseWhiteout(whiteoutName('etc'))).toEqual({ kind: 'removed', name: 'etc' });
    expect(parseWhiteout(opaqueWhiteout)).toEqual({ kind: 'opaque' });
  });
});
