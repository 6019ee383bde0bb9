import { describe, expect, test } from 'vitest';
import { formatBytes, formatCount, formatDuration, formatSeconds } from '../../../src/io/render/quantity.ts';

describe('quantities', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [48_123_456, '48.1 MB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [999_999_999, '1.0 GB'],
    [8_000_000_000_000, '8.0 TB'],
    [Number.MAX_SAFE_INTEGER, '9007.2 TB'],
  ])('%i bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  test('times are exact in logs and rounded for the eye', () => {
    expect([0, 1917, 61_000].map(formatSeconds)).toEqual(['0.00s', '1.92s', '61.00s']);
    expect([0, 49, 50, 1917].map(formatDuration)).toEqual(['<0.1 s', '<0.1 s', '0.1 s', '1.9 s']);
  });

  test('counts have their plural', () => {
    expect([0, 1, 2].map((count) => formatCount(count, 'blob'))).toEqual(['0 blobs', '1 blob', '2 blobs']);
  });
});
