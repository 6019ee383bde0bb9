import { describe, expect, it } from 'vitest';
import { parseByteCount } from '../../src/cli/byte-count.ts';

describe('an amount of bytes', () => {
  it.each([
    ['0', 0],
    ['800', 800],
    ['800B', 800],
    ['5MB', 5_000_000],
    ['5 mb', 5_000_000],
    ['1.5GB', 1_500_000_000],
    ['2kB', 2000],
    ['2KiB', 2048],
    ['5MiB', 5_242_880],
    ['1GiB', 1_073_741_824],
  ])('%s is %d', (text, bytes) => {
    expect(parseByteCount(text)).toBe(bytes);
  });

  it.each(['', 'MB', '-1MB', '5 M B', '5TB', '1e3', '5%', '9'.repeat(16), '1.2345MB', '999999999999999GB'])(
    '%j is none',
    (text) => {
      expect(() => parseByteCount(text)).toThrow('A size is needed');
    },
  );
});
