import { describe, expect, test } from 'vitest';
import { sourceDateEpoch } from '../../src/cli/epoch.ts';

describe('SOURCE_DATE_EPOCH', () => {
  test('is 1970 where it is unset or empty', () => {
    expect(sourceDateEpoch({})).toBe(0);
    expect(sourceDateEpoch({ SOURCE_DATE_EPOCH: '' })).toBe(0);
  });

  test('is whole seconds up to the last that RFC 3339 can write', () => {
    expect(sourceDateEpoch({ SOURCE_DATE_EPOCH: '1700000000' })).toBe(1_700_000_000);
    expect(sourceDateEpoch({ SOURCE_DATE_EPOCH: '253402300799' })).toBe(253_402_300_799);
  });

  test.each(['yesterday', '-1', '1.5', '1e9', ' 1', '0x10', '253402300800', '9'.repeat(13), '1\u001b[31m'])(
    'is refused where it is %o',
    (text) => {
      expect(() => sourceDateEpoch({ SOURCE_DATE_EPOCH: text })).toThrow(
        /not a number of seconds since 1970$/,
      );
    },
  );
});
